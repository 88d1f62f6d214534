using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// Finds the outputs of the layers of a model: convolutions and products by weights, each with the elementwise operators that follow it alone.
/// </summary>
internal static class LayerEnds
{
    private static readonly HashSet<string> Elementwise = new(
        [
            "Relu",
            "LeakyRelu",
            "PRelu",
            "Clip",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Tanh",
            "Elu",
            "Selu",
            "Celu",
            "Gelu",
            "Mish",
            "Softplus",
            "Softsign",
            "ThresholdedRelu",
            "BatchNormalization",
            "Identity",
            "Add",
            "Sub",
            "Mul",
            "Div",
        ],
        StringComparer.Ordinal
    );

    /// <summary>Returns the outputs of the layers of the main graph, in the order of the nodes.</summary>
    public static IReadOnlyList<LayerEnd> Find(Graph graph)
    {
        var computed = Activations.Of(graph.Proto);
        var ends = new List<LayerEnd>();
        foreach (var node in graph.Nodes)
            if (WeightedOperator.FindLinear(node) is { } layer && !computed.Contains(node.InputAt(layer.WeightInput)) && computed.Contains(node.Output[0]))
                ends.Add(new LayerEnd(Follow(graph, node.Output[0], computed), layer.IsConvolution) { Layer = NodeLabel.Name(node) });
        return [.. ends.DistinctBy(end => end.Value)];
    }

    private static string Follow(Graph graph, string value, HashSet<string> computed)
    {
        while (
            !graph.IsOutputAnywhere(value)
            && graph.Consumers(value) is [var use]
            && ReferenceEquals(use.Graph, graph)
            && Elementwise.Contains(use.Node.OpType)
            && use.Node.Input.Count(computed.Contains) == 1
        )
            value = use.Node.Output[0];
        return value;
    }
}
