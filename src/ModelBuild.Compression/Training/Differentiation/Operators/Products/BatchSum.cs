using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Products;

/// <summary>
/// The gradients of products of matrices. A product with the batch axes of the output is summed over the axes along which a factor was broadcast.
/// </summary>
internal static class BatchSum
{
    /// <summary>Returns the name of the product α·A′·B′, where A′ and B′ may be transposed.</summary>
    public static string Product(GradientNode node, string left, string right, bool transposeLeft, bool transposeRight, float alpha = 1) =>
        node.EmitAll(
            "FusedMatMul",
            [left, right],
            1,
            Domains.Microsoft,
            ("transA", transposeLeft ? 1L : 0L),
            ("transB", transposeRight ? 1L : 0L),
            ("alpha", alpha)
        )[0];

    /// <summary>Adds a product to the gradient of a factor, summed over the broadcast batch axes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The index of the factor.</param>
    /// <param name="product">The product, which has the batch axes of the output before the two axes of the matrix.</param>
    public static void Add(GradientNode node, int input, string product)
    {
        var (other, own) = (Batch(node, 1 - input), Batch(node, input));
        var rank = Math.Max(other.Length, own.Length);
        var (padded, otherPadded) = (Pad(own, rank), Pad(other, rank));
        if (Enumerable.Range(0, rank).Any(axis => padded[axis] < 0 && otherPadded[axis] != 1 && !AreEqual(node, input, axis - rank)))
        {
            node.Add(input, node.SumToUnknownShape(product, node.Input(input), rank - own.Length));
            return;
        }

        long[] axes = [.. Enumerable.Range(0, rank).Where(axis => padded[axis] == 1 && otherPadded[axis] != 1).Select(axis => (long)axis)];
        var summed = axes.Length == 0 ? product : node.Emit("ReduceSum", [product, node.Integers(axes)], ("keepdims", 1L));
        node.Add(input, node.Reshape(summed, node.Input(input)));
    }

    // Returns whether a batch axis has the same size in both operands of a product. The batch axes stand before the two axes of the matrix.
    private static bool AreEqual(GradientNode node, int input, int axis)
    {
        var (own, other) = (node.Input(input), node.Input(1 - input));
        return node.AreEqual(own, axis - 2 + node.Rank(own), other, axis - 2 + node.Rank(other));
    }

    private static long[] Batch(GradientNode node, int input) => node.Sizes(node.Input(input)) is { Length: > 2 } sizes ? sizes[..^2] : [];

    private static long[] Pad(long[] sizes, int rank) => [.. Enumerable.Repeat(1L, rank - sizes.Length), .. sizes];
}
