using Microsoft.ML.OnnxRuntime;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Infers shapes and distinguishes scalars from values of unknown rank. ONNX Runtime reports an empty shape for both. The shape of the output of a
/// <c>Shape</c> node is the rank of its input, and −1 if the rank is unknown. One run on zeros then shows the rank, such as that of the output of an <c>If</c>.
/// </summary>
internal static class RankInference
{
    /// <summary>The element types and shapes of all node outputs of the main graph that are tensors.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputShapes">The shapes of its inputs.</param>
    public static IReadOnlyDictionary<string, InferredTensor> DescribeOutputs(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        var described = WithComputedSizes(model, inputShapes, ShapeInference.DescribeOutputs(model, inputShapes));
        string[] empty = [.. described.Where(value => value.Value.Shape.Length == 0).Select(value => value.Key)];
        if (empty.Length == 0)
            return described;
        var ranks = Ranks(model, inputShapes, empty);
        string[] unknown = [.. empty.Where(value => ranks.GetValueOrDefault(value, -1) < 0)];
        if (unknown.Length > 0)
            foreach (var (value, rank) in Run(model, inputShapes, unknown))
                ranks[value] = rank;
        return described.ToDictionary(
            value => value.Key,
            value => value.Value.Shape.Length > 0 ? value.Value : WithRank(value.Value, ranks.GetValueOrDefault(value.Key, -1)),
            StringComparer.Ordinal
        );
    }

    // Adds shapes that ONNX Runtime infers only after its optimizations. The optimizations compute sizes that depend on known sizes, such as the paddings of a
    // convolution.
    private static Dictionary<string, InferredTensor> WithComputedSizes(
        OnnxModel model,
        IReadOnlyDictionary<string, long[]> inputShapes,
        IReadOnlyDictionary<string, InferredTensor> described
    )
    {
        var result = new Dictionary<string, InferredTensor>(described, StringComparer.Ordinal);
        string[] open = [.. described.Where(value => value.Value.Shape.Length == 0 || value.Value.Elements is null).Select(value => value.Key)];
        if (open.Length > 0)
            foreach (var (value, tensor) in ShapeInference.Describe(model, inputShapes, open, computes: true))
                if (result.TryGetValue(value, out var old) && KnownSizes(tensor) > KnownSizes(old))
                    result[value] = tensor;
        return result;
    }

    private static int KnownSizes(InferredTensor tensor) => tensor.Shape.Count(size => size >= 0);

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

    // Runs the model on inputs of zeros and returns the rank of each value. The result is empty if an input has no shape or ONNX Runtime does not run the
    // model.
    private static Dictionary<string, long> Run(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes, string[] values)
    {
        var inputs = new Dictionary<string, SampleArray>(StringComparer.Ordinal);
        foreach (var input in model.Proto.Graph.Input)
        {
            var type = (DataType)(input.Type?.TensorType?.ElemType ?? 0);
            if (!inputShapes.TryGetValue(input.Name, out var shape) || type is DataType.Undefined or DataType.String || SampleArray.ElementSize(type) == 0)
                return [];
            inputs[input.Name] = new SampleArray(type, shape, new byte[SampleArray.Count(shape) * SampleArray.ElementSize(type)]);
        }

        var copy = model.Clone();
        new Graph(copy).SetOutputs(values);
        try
        {
            using var runner = new ModelRunner(Sessions.OpenUnoptimized(copy));
            using var results = runner.Run(new Sample(inputs, Labels: null), values, CancellationToken.None);
            return values.Zip(results).ToDictionary(pair => pair.First, pair => (long)pair.Second.GetTensorTypeAndShape().Shape.Length, StringComparer.Ordinal);
        }
        catch (OnnxRuntimeException)
        {
            return [];
        }
    }
}
