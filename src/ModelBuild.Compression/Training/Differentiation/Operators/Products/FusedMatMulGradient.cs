using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Products;

/// <summary>The gradient of FusedMatMul, Y = α·A′·B′, where A′ and B′ may be transposed.</summary>
internal sealed class FusedMatMulGradient : IGradient
{
    public string? WhyNot(GradientNode node) =>
        node.Node.GetInt("transBatchA") != 0 || node.Node.GetInt("transBatchB") != 0 ? "it transposes the batch axes"
        : node.Rank(node.Input(0)) < 2 || node.Rank(node.Input(1)) < 2 ? "an input is a vector"
        : null;

    public void Differentiate(GradientNode node)
    {
        var alpha = node.Node.GetFloat("alpha", 1);
        var (isLeftTransposed, isRightTransposed) = (node.Node.GetInt("transA") != 0, node.Node.GetInt("transB") != 0);
        var (a, b, gradient) = (node.Input(0), node.Input(1), node.Gradient());
        if (node.Needs(0))
            BatchSum.Add(
                node,
                0,
                isLeftTransposed
                    ? BatchSum.Product(node, b, gradient, isRightTransposed, true, alpha)
                    : BatchSum.Product(node, gradient, b, false, !isRightTransposed, alpha)
            );
        if (node.Needs(1))
            BatchSum.Add(
                node,
                1,
                isRightTransposed
                    ? BatchSum.Product(node, gradient, a, true, isLeftTransposed, alpha)
                    : BatchSum.Product(node, a, gradient, !isLeftTransposed, false, alpha)
            );
    }
}
