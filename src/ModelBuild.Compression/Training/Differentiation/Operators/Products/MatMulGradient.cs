namespace ModelBuild.Compression.Training.Differentiation.Operators.Products;

/// <summary>
/// The gradient of MatMul: ∂L/∂A = G·Bᵀ and ∂L/∂B = Aᵀ·G for the gradient G of the product, summed over the batch axes that were broadcast. Vectors are
/// matrices with one row or one column.
/// </summary>
internal sealed class MatMulGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var (left, right) = (node.Rank(node.Input(0)), node.Rank(node.Input(1)));
        if (left > 2 && right == 2 && node.Sizes(node.Input(1)) is [> 0, > 0] matrix)
        {
            DifferentiateRows(node, matrix);
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
            BatchSum.Add(node, 0, BatchSum.Product(node, gradient, b, transposeLeft: false, transposeRight: true));
        if (node.Needs(1))
            BatchSum.Add(node, 1, BatchSum.Product(node, a, gradient, transposeLeft: true, transposeRight: false));
    }

    // Adds the gradients of a product of many rows with one matrix. It is computed as one product of matrices, so that the gradient of the matrix needs no sum
    // over the batch.
    private static void DifferentiateRows(GradientNode node, long[] matrix)
    {
        if (node.Needs(0))
            node.Add(0, BatchSum.Product(node, node.Gradient(), node.Input(1), transposeLeft: false, transposeRight: true));
        if (node.Needs(1))
            node.Add(1, node.Emit("Gemm", [Rows(node, node.Input(0), matrix[0]), Rows(node, node.Gradient(), matrix[1])], ("transA", 1L)));
    }

    private static string Rows(GradientNode node, string value, long columns) => node.Emit("Reshape", [value, node.Integers(-1, columns)]);
}
