using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>MatMul: ∂L/∂A = G·Bᵀ and ∂L/∂B = Aᵀ·G, summed over the batch axes that were broadcast. Vectors are matrices with one row or one column.</summary>
internal sealed class MatMulGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var (left, right) = (node.Rank(node.Input(0)), node.Rank(node.Input(1)));
        if (left > 2 && right == 2)
        {
            DifferentiateRows(node, left);
            return;
        }

        var a = left == 1 ? node.Emit("Unsqueeze", [node.Input(0), node.Integers(0)]) : node.Input(0);
        var b = right == 1 ? node.Emit("Unsqueeze", [node.Input(1), node.Integers(1)]) : node.Input(1);
        var gradient = node.Gradient();
        if (right == 1)
            gradient = node.Emit("Unsqueeze", [gradient, node.Integers(-1)]);
        if (left == 1)
            gradient = node.Emit("Unsqueeze", [gradient, node.Integers(-2)]);
        if (node.Needs(0))
            Sum(node, 0, Product(node, gradient, b, transposeLeft: false, transposeRight: true));
        if (node.Needs(1))
            Sum(node, 1, Product(node, a, gradient, transposeLeft: true, transposeRight: false));
    }

    // A product of many rows with one matrix is one product of matrices, so that the gradient of the matrix needs no sum over the batch.
    private static void DifferentiateRows(GradientNode node, int rank)
    {
        if (node.Needs(0))
            node.Add(0, Product(node, node.Gradient(), node.Input(1), transposeLeft: false, transposeRight: true));
        if (!node.Needs(1))
            return;
        var matrix = node.Sizes(node.Input(1));
        node.Add(1, node.Emit("Gemm", [Rows(node, node.Input(0), matrix[0]), Rows(node, node.Gradient(), matrix[1])], ("transA", 1L)));
    }

    private static string Rows(GradientNode node, string value, long columns) => node.Emit("Reshape", [value, node.Integers(-1, columns)]);

    private static string Product(GradientNode node, string left, string right, bool transposeLeft, bool transposeRight) =>
        node.EmitAll("FusedMatMul", [left, right], 1, Domains.Microsoft, ("transA", transposeLeft ? 1L : 0L), ("transB", transposeRight ? 1L : 0L))[0];

    // The product has the batch axes of the output, before the two axes of the matrix.
    private static void Sum(GradientNode node, int input, string product)
    {
        var (batch, own) = (node.Rank(node.Input(1 - input)), node.Rank(node.Input(input)));
        node.Add(input, batch <= 2 && own <= 2 ? node.Reshape(product, node.Input(input)) : SumBatch(node, input, product));
    }

    private static string SumBatch(GradientNode node, int input, string product)
    {
        var (from, to) = (node.Sizes(node.Input(1 - input)), node.Sizes(node.Input(input)));
        var rank = Math.Max(from.Length, to.Length);
        long Own(int axis) => axis - rank + to.Length is var own && own >= 0 && to.Length > 2 ? to[own] : 1;
        long Other(int axis) => axis - rank + from.Length is var other && other >= 0 && from.Length > 2 ? from[other] : 1;
        long[] axes = [.. Enumerable.Range(0, rank - 2).Where(axis => Own(axis) == 1 && Other(axis) != 1).Select(axis => (long)axis)];
        return node.Reshape(axes.Length == 0 ? product : node.Emit("ReduceSum", [product, node.Integers(axes)], ("keepdims", 1L)), node.Input(input));
    }
}
