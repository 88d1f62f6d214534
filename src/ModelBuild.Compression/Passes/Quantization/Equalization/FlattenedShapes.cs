using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Decides whether a node reshapes [N, C, …] to [N, C·…], so that the channels become blocks of columns. Shapes are inferred once, at the first query, with
/// two rows if the number of rows is dynamic. Other dynamic dimensions stay dynamic, so the known sizes are valid for every input.
/// </summary>
internal sealed class FlattenedShapes(OnnxModel model)
{
    private const long Rows = 2;

    private IReadOnlyDictionary<string, long[]>? _shapes;

    /// <summary>Returns whether <paramref name="result"/> is <paramref name="value"/> with all axes but the first merged into one.</summary>
    public bool IsFlattening(string value, string result)
    {
        _shapes ??= Infer();
        return _shapes.TryGetValue(value, out var from)
            && _shapes.TryGetValue(result, out var to)
            && from.Length >= 2
            && to.Length == 2
            && from[0] == to[0]
            && from.Skip(1).Aggregate(1L, (a, b) => a * b) == to[1];
    }

    private IReadOnlyDictionary<string, long[]> Infer()
    {
        var graph = model.Proto.Graph;
        var flattening = graph.Node.Where(node => node.OpType is "Flatten" or "Reshape" or "Squeeze");
        var values = flattening.SelectMany(node => new[] { node.Input[0], node.Output[0] }).Distinct(StringComparer.Ordinal);
        var inputs = graph
            .Input.Select(input =>
                (
                    input.Name,
                    Sizes: input
                        .Type?.TensorType?.Shape?.Dim.Select(
                            (dimension, axis) =>
                                dimension.DimValue > 0 ? dimension.DimValue
                                : axis == 0 ? Rows
                                : 0
                        )
                        .ToArray()
                        ?? []
                )
            )
            .Where(input => input.Sizes.Length > 0 && !input.Sizes.Contains(0))
            .ToDictionary(input => input.Name, input => input.Sizes, StringComparer.Ordinal);
        return ShapeInference.Infer(model, inputs, values);
    }
}
