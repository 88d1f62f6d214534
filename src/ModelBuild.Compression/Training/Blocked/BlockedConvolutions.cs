using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Blocked;

/// <summary>
/// Converts the convolutions of a training graph, and the operators between them, to values in the blocked layout. Elements are computed in another order than
/// in the plain layout, so results differ by rounding.
/// </summary>
internal sealed class BlockedConvolutions
{
    // The operators that compute each element from the elements at the same position.
    private static readonly HashSet<string> Elementwise = new(
        ["Add", "Mul", "Sub", "Sum", "Relu", "HardSigmoid", "HardSwish", "Sigmoid", "Tanh", "Clip", "LeakyRelu", "Elu", "Neg", "Abs"],
        StringComparer.Ordinal
    );

    // The largest number of elements of a kernel that is converted. Reordering the weights of larger kernels costs more than it saves.
    private const long MaxTaps = 64;

    private readonly Graph _graph;
    private readonly IReadOnlyDictionary<string, InferredTensor> _shapes;

    private BlockedConvolutions(Graph graph, IReadOnlyDictionary<string, InferredTensor> shapes) =>
        (_graph, _shapes, Values) = (graph, shapes, new BlockedGraph(graph));

    private BlockedGraph Values { get; }

    /// <summary>Converts a graph whose values have the given types and shapes.</summary>
    /// <returns>The values that exist in both layouts.</returns>
    public static BlockedGraph Apply(Graph graph, IReadOnlyDictionary<string, InferredTensor> shapes)
    {
        var conversion = new BlockedConvolutions(graph, shapes);
        if (BlockedLayout.BlockSize == 0)
            return conversion.Values;
        foreach (var node in graph.Nodes.ToArray())
            if (WeightedOperator.LinearKind(node) == WeightedKind.Convolution)
                conversion.Convolve(node);
            else if (node.IsStandard() && Elementwise.Contains(node.OpType))
                conversion.ComputeElements(node);
        graph.Model.ImportOpset(Domains.Nchwc, 1);
        return conversion.Values;
    }

    private void Convolve(NodeProto node)
    {
        if (Sizes(node.Input[0]) is not { Length: 4 } input || Sizes(node.Input[1]) is not { Length: 4 } weights || !BlockedLayout.Fits(weights[0]))
            return;
        var groups = node.GetInt("group", 1);
        var isDepthwise = groups > 1 && groups == input[1] && groups == weights[0];
        if (!BlockedLayout.Fits(input[1]) || (groups > 1 && !isDepthwise) || weights.Any(size => size < 0) || weights[2] * weights[3] > MaxTaps)
            return;
        var reordered = isDepthwise ? Values.BlockDepthwiseWeights(node, node.Input[1], weights) : Values.BlockWeights(node, node.Input[1], weights);
        string[] inputs = [Values.Block(node, node.Input[0]), reordered, .. node.Input.Skip(2)];
        Values.Replace(node, name => Copy(node, inputs, name, Domains.Nchwc), weights[0]);
    }

    // Computes an elementwise operator on the blocked layout, if each operand is a blocked value or a scalar.
    private void ComputeElements(NodeProto node)
    {
        if (Sizes(node.Output[0]) is not { Length: 4 } output || !node.Input.Any(input => Values.Find(input) is not null))
            return;
        if (node.Input.Any(input => input.Length > 0 && Values.Find(input) is null && Sizes(input) is not []))
            return;
        if (node.Input.Any(input => Values.Find(input) is not null && Sizes(input) is var sizes && !sizes!.SequenceEqual(output)))
            return;
        string[] inputs = [.. node.Input.Select(input => Values.Find(input) ?? input)];
        Values.Replace(node, name => Copy(node, inputs, name, node.Domain), output[1]);
    }

    private static NodeProto Copy(NodeProto node, string[] inputs, string output, string domain)
    {
        var copy = node.Clone();
        copy.Domain = domain;
        copy.Input.Clear();
        copy.Input.AddRange(inputs);
        copy.Output.Clear();
        copy.Output.Add(output);
        return copy;
    }

    // Returns the sizes of a float32 value; null for other types, which have no blocked layout.
    private long[]? Sizes(string value) =>
        _graph.TryGetConstant(value, out var constant)
            ? constant.DataType == (int)DataType.Float
                ? [.. constant.Dims]
                : null
            : _shapes.GetValueOrDefault(value) is { Type: DataType.Float } tensor
                ? tensor.Shape
                : null;
}
