using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Counts the multiply-adds of one node in one call: the products that matrix multiplications, convolutions, recurrent layers and attention sum, in floats or
/// integers. Products with padding count too. Elementwise operators such as biases, scales, normalization, activations and pooling do not count.
/// </summary>
internal static class MultiplyAdds
{
    // The parts of names by which operators that multiply matrices are recognized if the catalogue does not have them. Their work is reported as not counted.
    private static readonly string[] OtherProducts = ["Conv", "MatMul", "Gemm", "Attention", "MoE"];

    /// <summary>Returns whether the products of a node's operator count as multiply-adds.</summary>
    public static bool IsCounted(NodeProto node) =>
        WeightedOperator.FindAny(node) is { } found
            ? found.Kind != WeightedKind.Embedding
            : node.Is("Einsum")
                || ((node.IsStandard() || Domains.IsMicrosoft(node.Domain)) && OtherProducts.Any(part => node.OpType.Contains(part, StringComparison.Ordinal)));

    /// <summary>Returns the multiply-adds of a node, or null when a size is unknown or there is no rule for the operator.</summary>
    /// <param name="node">A node that is counted.</param>
    /// <param name="sizes">Returns the shape of a value in one call, or null when it is unknown.</param>
    public static long? Of(NodeProto node, Func<string, long[]?> sizes)
    {
        if (WeightedOperator.FindAny(node) is not { } found)
            return node.Is("Einsum") ? EinsumWork.Of(node, sizes)
                : node.OpType is "Attention" or "MultiHeadAttention" ? AttentionWork.Plain(node, sizes)
                : null;
        var (x, weight) = (sizes(node.InputAt(found.ActivationInput)), sizes(node.InputAt(found.WeightInput)));
        switch (found.Kind)
        {
            case WeightedKind.TransposedConvolution:
                // In a transposed convolution, each element of the input is multiplied by the weights of its channel [C, M / groups, …].
                return x is not null && weight is { Length: > 2 } ? Product([.. x, .. weight[1..]]) : null;
            case WeightedKind.Attention:
                return AttentionWork.Projected(found, node, sizes);
            case WeightedKind.Recurrent:
                // The input X of a recurrent layer is [steps, rows, inputs] or has the rows first. The order of the axes of its weights W [directions, gates,
                // inputs] and R does not matter.
                return x is { Length: 3 } && weight is not null && sizes(node.InputAt(found.RecurrenceInput!.Value)) is { } recurrence
                    ? Product([x[0], x[1], Saturate((Int128)Product(weight) + Product(recurrence))])
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
        WeightedOperator.FindAny(node) switch
        {
            { IsPacked: true } => node.GetInt("K") is > 0 and var depth ? depth : null,
            // The weights of a convolution have the shape [M, C / groups, …]. An output element sums one product for each weight of its channel.
            { Kind: WeightedKind.Convolution } found => sizes(node.InputAt(found.WeightInput)) is { Length: > 2 } weight ? Product(weight[1..]) : null,
            { Kind: WeightedKind.Product } found => Inner(
                sizes(node.InputAt(found.ActivationInput)),
                found.IsInputTransposed(node),
                sizes(node.InputAt(found.WeightInput)),
                found.IsWeightTransposed(node)
            ),
            _ => null,
        };

    /// <summary>Returns the product of sizes, or <see cref="long.MaxValue"/> if it overflows, because declared shapes can be arbitrarily large.</summary>
    public static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => Saturate((Int128)product * size));

    // Returns the size of the axis that both operands of a matrix product share, from the operand whose shape is known.
    private static long? Inner(long[]? a, bool transposedA, long[]? b, bool transposedB) =>
        a is { Length: > 0 } ? a[transposedA && a.Length > 1 ? ^2 : ^1]
        : b is { Length: > 0 } ? b[transposedB || b.Length == 1 ? ^1 : ^2]
        : null;

    private static long Saturate(Int128 value) => (long)Int128.Min(value, long.MaxValue);
}
