using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>The operators that can compute the scores of classes, and the operators that may follow because they work for any number of classes.</summary>
/// <param name="graph">The main graph of a prepared model.</param>
internal sealed class ScoreOperators(Graph graph)
{
    private static readonly HashSet<string> Passing =
    [
        "Softmax",
        "LogSoftmax",
        "Sigmoid",
        "ArgMax",
        "Identity",
        "Dropout",
        "Cast",
        "Relu",
        "Flatten",
        "Reshape",
        "Squeeze",
        "Unsqueeze",
        "GlobalAveragePool",
        "GlobalMaxPool",
        "AveragePool",
        "MaxPool",
        "ReduceMean",
    ];

    private readonly HashSet<string> _activations = Activations.Of(graph.Proto);

    /// <summary>The names of the operators that may follow a layer of scores, for messages.</summary>
    public static string Names => string.Join(", ", Passing.Append("Add of a bias").Append("arithmetic with one number"));

    /// <summary>Returns whether a node computes probabilities or a decision from scores.</summary>
    public static bool IsEnd(NodeProto node) => node.OpType is "Softmax" or "LogSoftmax" or "Sigmoid" or "ArgMax";

    /// <summary>Returns whether a node is a layer that can compute the scores.</summary>
    public bool IsLayer(NodeProto node) =>
        WeightedOperator.FindLinear(node) is { Kind: WeightedKind.Product or WeightedKind.Convolution } layer
        && layer.Groups(node) == 1
        && _activations.Contains(node.Input[layer.ActivationInput])
        && !_activations.Contains(node.Input[layer.WeightInput]);

    /// <summary>Returns the name of the input whose scores a node copies or maps to its output; null if the node may not follow the last layer.</summary>
    public string? Passed(NodeProto node)
    {
        if (!node.IsStandard())
            return null;
        if (Passing.Contains(node.OpType))
            return node.Input[0];
        string[] activations = [.. node.Input.Where(_activations.Contains)];
        if (node.Input.Count != 2 || activations is not [var scores])
            return null;
        return node.OpType == "Add" || (node.OpType is "Mul" or "Div" or "Sub" && IsNumber(node.Input.Single(input => input != scores))) ? scores : null;
    }

    private bool IsNumber(string value) => graph.TryGetConstant(value, out var tensor) && tensor.ElementCount() == 1;
}
