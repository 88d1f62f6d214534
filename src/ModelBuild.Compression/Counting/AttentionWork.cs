using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Counts the multiply-adds of attention in one operator: each query with each key, and the attention weights of each query with all values. Masked positions
/// count too, because kernels multiply them.
/// </summary>
internal static class AttentionWork
{
    /// <summary>
    /// Counts com.microsoft.Attention and QAttention, which first multiply X [rows, length, inputs] by the weights of queries, keys and values [inputs,
    /// columns].
    /// </summary>
    /// <param name="attention">The operator of the node.</param>
    /// <param name="node">The node.</param>
    /// <param name="sizes">Returns the shape of a value in one call, or null when it is unknown.</param>
    public static long? Projected(WeightedOperator attention, NodeProto node, Func<string, long[]?> sizes)
    {
        if (sizes(node.InputAt(attention.ActivationInput)) is not { Length: 3 } x || sizes(node.InputAt(attention.WeightInput)) is not { Length: 2 } weight)
            return null;
        // The input with the keys and values of earlier calls has the shape [2, rows, heads, length, head size].
        if (Length(node.InputAt(attention.PastInput!.Value), sizes) is not { } before)
            return null;
        var columns = node.GetInts("qkv_hidden_sizes") is { Length: 3 } hidden ? hidden[0] + hidden[2] : weight[1] / 3 * 2;
        return Sum(MultiplyAdds.Product([.. x, weight[1]]), MultiplyAdds.Product([x[0], x[1], before + x[1], columns]));
    }

    /// <summary>
    /// Counts Attention (ONNX opset 23) and com.microsoft.MultiHeadAttention, whose queries, keys and values are [rows, length, heads · size] or [rows,
    /// heads, length, size].
    /// </summary>
    public static long? Plain(NodeProto node, Func<string, long[]?> sizes)
    {
        var heads = node.GetInt("q_num_heads", node.GetInt("num_heads", 1));
        if (
            Heads(node.InputAt(0), heads) is not { } query
            || Heads(node.InputAt(1), node.GetInt("kv_num_heads", heads)) is not { } key
            || Heads(node.InputAt(2), node.GetInt("kv_num_heads", heads)) is not { } value
            || Length(node.InputAt(node.IsStandard() ? 4 : 6), sizes) is not { } before
        )
            return null;
        return MultiplyAdds.Product([query.Rows, query.Heads, query.Length, before + key.Length, query.Size + value.Size]);

        (long Rows, long Heads, long Length, long Size)? Heads(string name, long count) =>
            sizes(name) switch
            {
                [var rows, var length, var all] when count > 0 => (rows, count, length, all / count),
                [var rows, var own, var length, var size] => (rows, own, length, size),
                _ => null,
            };
    }

    // Returns the number of keys from earlier calls; 0 when the node has none, and null when it is unknown.
    private static long? Length(string past, Func<string, long[]?> sizes) =>
        past.Length == 0 ? 0
        : sizes(past) is { Length: > 3 } shape ? shape[^2]
        : null;

    private static long Sum(long a, long b) => (long)Int128.Min((Int128)a + b, long.MaxValue);
}
