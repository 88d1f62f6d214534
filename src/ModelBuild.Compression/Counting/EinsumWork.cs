using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>Counts the multiply-adds of an Einsum with two operands: one for each combination of values of all subscripts.</summary>
internal static class EinsumWork
{
    /// <summary>
    /// Returns the multiply-adds, or null for more operands, for an ellipsis and for unknown sizes. An Einsum of one operand has none, because it only moves
    /// or sums elements.
    /// </summary>
    public static long? Of(NodeProto node, Func<string, long[]?> sizes)
    {
        var terms = node.GetString("equation").Replace(" ", "", StringComparison.Ordinal).Split("->")[0].Split(',');
        if (terms.Length == 1)
            return 0;
        if (terms.Length != 2 || node.Input.Count != 2)
            return null;
        var subscripts = new Dictionary<char, long>();
        foreach (var (term, input) in terms.Zip(node.Input))
        {
            if (sizes(input) is not { } shape || shape.Length != term.Length || term.Contains('.', StringComparison.Ordinal))
                return null;
            foreach (var (subscript, size) in term.Zip(shape))
                subscripts[subscript] = Math.Max(size, subscripts.GetValueOrDefault(subscript));
        }

        return MultiplyAdds.Product(subscripts.Values);
    }
}
