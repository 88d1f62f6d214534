using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Counts the multiply-adds of one node in one call: the products that matrix multiplications, convolutions, recurrent layers and attention sum up, in float or in integers alike. Elements
/// of padding count as others do. What works element by element counts nothing: biases, scales, normalization, activations, pooling.
/// </summary>
internal static class MultiplyAdds
{
    private static readonly string[] Kinds = ["Conv", "MatMul", "Gemm", "Attention", "MoE"];

    /// <summary>Whether the operator is one whose products count.</summary>
    public static bool IsCounted(NodeProto node) =>
        (node.Domain is "" or "ai.onnx" || node.Domain.StartsWith("com.microsoft", StringComparison.Ordinal))
        && (IsRecurrent(node) || node.OpType == "Einsum" || Kinds.Any(kind => node.OpType.Contains(kind, StringComparison.Ordinal)));

    /// <summary>The multiply-adds of a node; null where a size is not known, or the operator is one for which there is no rule.</summary>
    /// <param name="node">A node that is counted.</param>
    /// <param name="sizes">The shape of a value in one call; null where it is not known.</param>
    public static long? Of(NodeProto node, Func<string, long[]?> sizes)
    {
        switch (node.OpType)
        {
            case "ConvTranspose":
                // Each element of the input is multiplied by the weights of its channel [C, M / groups, …].
                return sizes(node.InputAt(0)) is { } x && sizes(node.InputAt(1)) is { Length: > 2 } weight ? Product([.. x, .. weight[1..]]) : null;
            case "Einsum":
                return EinsumWork.Of(node, sizes);
            case "Attention" or "QAttention" when node.Domain == "com.microsoft":
                return AttentionWork.Projected(node, sizes);
            case "Attention" or "MultiHeadAttention":
                return AttentionWork.Plain(node, sizes);
            case var _ when IsRecurrent(node):
                // X [steps, rows, inputs], or rows first; W [directions, gates, inputs] and R in any order.
                return sizes(node.InputAt(0)) is { Length: 3 } steps && sizes(node.InputAt(1)) is { } w && sizes(node.InputAt(2)) is { } r
                    ? Product([steps[0], steps[1], Saturate((Int128)Product(w) + Product(r))])
                    : null;
            default:
                return Depth(node, sizes) is { } depth && sizes(node.Output.FirstOrDefault() ?? "") is { } output ? Product([.. output, depth]) : null;
        }
    }

    /// <summary>How many products one element of a convolution's or matrix product's output sums up; null where it is not known, or for other operators.</summary>
    /// <param name="node">A node that is counted.</param>
    /// <param name="sizes">The shape of a value in one call; null where it is not known.</param>
    public static long? Depth(NodeProto node, Func<string, long[]?> sizes) =>
        node.OpType switch
        {
            // [M, C / groups, …].
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

    /// <summary>The product of sizes; <see cref="long.MaxValue"/> where it does not fit, as shapes that only claim to be so large have it.</summary>
    public static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => Saturate((Int128)product * size));

    private static bool IsRecurrent(NodeProto node) => node.OpType is "LSTM" or "GRU" or "RNN" or "DynamicQuantizeLSTM";

    private static bool IsSet(NodeProto node, string attribute) => node.GetInt(attribute) != 0;

    // The axis that both operands have, of whichever is known.
    private static long? Inner(long[]? a, bool transposedA, long[]? b, bool transposedB) =>
        a is { Length: > 0 } ? a[transposedA && a.Length > 1 ? ^2 : ^1]
        : b is { Length: > 0 } ? b[transposedB || b.Length == 1 ? ^1 : ^2]
        : null;

    private static long Saturate(Int128 value) => (long)Int128.Min(value, long.MaxValue);
}
