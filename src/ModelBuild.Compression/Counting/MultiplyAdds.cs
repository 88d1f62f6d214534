using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Counts the multiply-adds of one node in one call: the products that matrix multiplications, convolutions, recurrent layers and attention sum, in floats or
/// integers. Products with padding count too. Elementwise operators such as biases, scales, normalization, activations and pooling do not count.
/// </summary>
internal static class MultiplyAdds
{
    private static readonly string[] Kinds = ["Conv", "MatMul", "Gemm", "Attention", "MoE"];

    /// <summary>Returns whether the products of the operator count.</summary>
    public static bool IsCounted(NodeProto node) =>
        (node.IsStandard() || node.Domain.StartsWith(Domains.Microsoft, StringComparison.Ordinal))
        && (IsRecurrent(node) || node.OpType == "Einsum" || Kinds.Any(kind => node.OpType.Contains(kind, StringComparison.Ordinal)));

    /// <summary>Returns the multiply-adds of a node, or null when a size is unknown or there is no rule for the operator.</summary>
    /// <param name="node">A node that is counted.</param>
    /// <param name="sizes">Returns the shape of a value in one call, or null when it is unknown.</param>
    public static long? Of(NodeProto node, Func<string, long[]?> sizes)
    {
        switch (node.OpType)
        {
            case "ConvTranspose":
                // Each element of the input is multiplied by the weights of its channel [C, M / groups, …].
                return sizes(node.InputAt(0)) is { } x && sizes(node.InputAt(1)) is { Length: > 2 } weight ? Product([.. x, .. weight[1..]]) : null;
            case "Einsum":
                return EinsumWork.Of(node, sizes);
            case "Attention" or "QAttention" when node.Domain == Domains.Microsoft:
                return AttentionWork.Projected(node, sizes);
            case "Attention" or "MultiHeadAttention":
                return AttentionWork.Plain(node, sizes);
            case var _ when IsRecurrent(node):
                // X is [steps, rows, inputs] or has the rows first. The order of the axes of W [directions, gates, inputs] and R does not matter.
                return sizes(node.InputAt(0)) is { Length: 3 } steps && sizes(node.InputAt(1)) is { } w && sizes(node.InputAt(2)) is { } r
                    ? Product([steps[0], steps[1], Saturate((Int128)Product(w) + Product(r))])
                    : null;
            default:
                return Depth(node, sizes) is { } depth && sizes(node.Output.FirstOrDefault() ?? "") is { } output ? Product([.. output, depth]) : null;
        }
    }

    /// <summary>
    /// Returns how many products one output element of a convolution or matrix product sums, or null when the number is unknown or the operator is another
    /// one.
    /// </summary>
    /// <param name="node">A node that is counted.</param>
    /// <param name="sizes">Returns the shape of a value in one call, or null when it is unknown.</param>
    public static long? Depth(NodeProto node, Func<string, long[]?> sizes) =>
        node.OpType switch
        {
            // The weights are [M, C / groups, …].
            "Conv" or "FusedConv" or "NhwcFusedConv" or "ConvInteger" or "DeformConv" => sizes(node.InputAt(1)) is { Length: > 2 } weight
                ? Product(weight[1..])
                : null,
            "QLinearConv" => sizes(node.InputAt(3)) is { Length: > 2 } weight ? Product(weight[1..]) : null,
            "MatMul" or "MatMulInteger" or "MatMulIntegerToFloat" or "DynamicQuantizeMatMul" => Inner(
                sizes(node.InputAt(0)),
                false,
                sizes(node.InputAt(1)),
                false
            ),
            "Gemm" or "FusedGemm" or "FusedMatMul" or "TransposeMatMul" => Inner(
                sizes(node.InputAt(0)),
                IsSet(node, "transA"),
                sizes(node.InputAt(1)),
                IsSet(node, "transB")
            ),
            "QLinearMatMul" => Inner(sizes(node.InputAt(0)), false, sizes(node.InputAt(3)), false),
            "QGemm" => Inner(sizes(node.InputAt(0)), IsSet(node, "transA"), sizes(node.InputAt(3)), IsSet(node, "transB")),
            "MatMulNBits" or "MatMulBnb4" or "MatMulFpQ4" => node.GetInt("K") is > 0 and var depth ? depth : null,
            _ => null,
        };

    /// <summary>Returns the product of sizes, or <see cref="long.MaxValue"/> if it overflows, because declared shapes can be arbitrarily large.</summary>
    public static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => Saturate((Int128)product * size));

    private static bool IsRecurrent(NodeProto node) => node.OpType is "LSTM" or "GRU" or "RNN" or "DynamicQuantizeLSTM";

    private static bool IsSet(NodeProto node, string attribute) => node.GetInt(attribute) != 0;

    // Returns the size of the axis that both operands share, from the operand whose shape is known.
    private static long? Inner(long[]? a, bool transposedA, long[]? b, bool transposedB) =>
        a is { Length: > 0 } ? a[transposedA && a.Length > 1 ? ^2 : ^1]
        : b is { Length: > 0 } ? b[transposedB || b.Length == 1 ? ^1 : ^2]
        : null;

    private static long Saturate(Int128 value) => (long)Int128.Min(value, long.MaxValue);
}
