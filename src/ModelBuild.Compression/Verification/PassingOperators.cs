using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>The operators that copy the values of their first input, at most in another shape or type.</summary>
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

    /// <summary>Returns whether the operator of the node copies the values of its first input.</summary>
    public static bool Contains(NodeProto node) => Names.Contains(node.OpType) && node.Input.Count > 0;

    /// <summary>Returns whether a node computes an independent probability from each value.</summary>
    public static bool IsSigmoid(NodeProto? node) => node?.OpType is "Sigmoid" or "HardSigmoid";

    /// <summary>Returns the node that computes the values of an output, before any passing nodes; null when it is an input or a constant.</summary>
    public static NodeProto? Maker(Graph main, string value)
    {
        var node = main.Producer(value);
        while (node is not null && Contains(node))
            node = main.Producer(node.Input[0]);
        return node;
    }
}
