using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Infers shapes and tells scalars from values of unknown rank. ONNX Runtime reports an empty shape for both. The shape of the output of a <c>Shape</c> node is
/// the rank of its input, and −1 if this is not known.
/// </summary>
internal static class RankInference
{
    /// <summary>The element types and shapes of all node outputs of the main graph that are tensors.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputShapes">The shapes of its inputs.</param>
    public static IReadOnlyDictionary<string, InferredTensor> DescribeOutputs(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        var described = ShapeInference.DescribeOutputs(model, inputShapes);
        string[] empty = [.. described.Where(value => value.Value.Shape.Length == 0).Select(value => value.Key)];
        if (empty.Length == 0)
            return described;
        var ranks = Ranks(model, inputShapes, empty);
        return described.ToDictionary(
            value => value.Key,
            value => value.Value.Shape.Length > 0 ? value.Value : WithRank(value.Value, ranks.GetValueOrDefault(value.Key, -1)),
            StringComparer.Ordinal
        );
    }

    private static InferredTensor WithRank(InferredTensor tensor, long rank) =>
        rank < 0 ? tensor with { IsRankKnown = false } : tensor with { Shape = [.. Enumerable.Repeat(-1L, (int)rank)] };

    private static Dictionary<string, long> Ranks(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes, string[] values)
    {
        var copy = model.Clone();
        var graph = new Graph(copy);
        var names = values.ToDictionary(value => value, value => graph.FreshName($"shape of {value}"), StringComparer.Ordinal);
        foreach (var (value, name) in names)
            graph.Append(Nodes.Create("Shape", [value], [name], name));
        var shapes = ShapeInference.Describe(copy, inputShapes, names.Values);
        return names
            .Where(name => shapes.GetValueOrDefault(name.Value) is { Shape.Length: 1 })
            .ToDictionary(name => name.Key, name => shapes[name.Value].Shape[0], StringComparer.Ordinal);
    }
}
