using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>
/// The nodes between a quantization and a dequantization. The gradient of a quantized value is the gradient of the number that the integer represents, so it
/// passes through operators that only move elements.
/// </summary>
internal static class IntegerPath
{
    private static readonly HashSet<string> Movements = new(
        ["DepthToSpace", "Flatten", "Gather", "Identity", "MaxPool", "Reshape", "Slice", "SpaceToDepth", "Split", "Squeeze", "Transpose", "Unsqueeze"],
        StringComparer.Ordinal
    );

    /// <summary>Returns whether the first output of a node consists of integers that represent its first input.</summary>
    public static bool IsQuantizer(NodeProto node) => node.OpType == "DynamicQuantizeLinear" || IsLinear(node, "QuantizeLinear");

    /// <summary>Returns whether a node computes the numbers that integers represent.</summary>
    public static bool IsDequantizer(NodeProto node) => IsLinear(node, "DequantizeLinear");

    /// <summary>Returns whether the gradient of quantized integers passes through a node that reads them.</summary>
    /// <param name="node">The node.</param>
    /// <param name="isQuantized">Returns whether a value is such integers.</param>
    public static bool Passes(NodeProto node, Func<string, bool> isQuantized) =>
        (IsDequantizer(node) || (node.IsStandard() && Movements.Contains(node.OpType))) && !node.Input.Skip(1).Any(isQuantized);

    /// <summary>Returns whether an output of a quantization or a movement consists of integers that represent its first input.</summary>
    public static bool HasGradient(NodeProto node, int output) => output == 0 || node.OpType == "Split";

    private static bool IsLinear(NodeProto node, string opType) => node.OpType == opType && Domains.Normalize(node.Domain) is "" or Domains.Microsoft;
}
