using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>Operators that hand their first input's values on, in another shape or type at most.</summary>
internal static class PassingOperators
{
    private static readonly HashSet<string> Names =
    [
        "Identity",
        "Cast",
        "CastLike",
        "Reshape",
        "Flatten",
        "Squeeze",
        "Unsqueeze",
        "Transpose",
        "Dropout",
        "QuantizeLinear",
        "DequantizeLinear",
    ];

    /// <summary>Whether the node is one.</summary>
    public static bool Contains(NodeProto node) => Names.Contains(node.OpType) && node.Input.Count > 0;

    /// <summary>Whether a node makes probabilities of its values, each by itself.</summary>
    public static bool IsSigmoid(NodeProto? node) => node?.OpType is "Sigmoid" or "HardSigmoid";

    /// <summary>The first node from an output backwards that makes its values; null where it is an input or a constant.</summary>
    public static NodeProto? Maker(Graph main, string value)
    {
        var node = main.Producer(value);
        while (node is not null && Contains(node))
            node = main.Producer(node.Input[0]);
        return node;
    }
}
