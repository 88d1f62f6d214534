using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Gemm, Y = α·A′·B′ + β·C, where A′ and B′ may be transposed.</summary>
internal sealed class GemmGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var (alpha, beta) = (node.Node.GetFloat("alpha", 1), node.Node.GetFloat("beta", 1));
        var (isLeftTransposed, isRightTransposed) = (node.Node.GetInt("transA") != 0, node.Node.GetInt("transB") != 0);
        var gradient = node.Gradient();
        if (node.Needs(0))
            node.Add(
                0,
                isLeftTransposed
                    ? Product(node, alpha, node.Input(1), gradient, isRightTransposed, true)
                    : Product(node, alpha, gradient, node.Input(1), false, !isRightTransposed)
            );
        if (node.Needs(1))
            node.Add(
                1,
                isRightTransposed
                    ? Product(node, alpha, gradient, node.Input(0), true, isLeftTransposed)
                    : Product(node, alpha, node.Input(0), gradient, !isLeftTransposed, false)
            );
        if (node.Needs(2))
            node.AddBroadcast(2, beta == 1 ? gradient : node.Emit("Mul", [gradient, node.Number(beta)]));
    }

    private static string Product(GradientNode node, float alpha, string left, string right, bool transposeLeft, bool transposeRight) =>
        node.Emit("Gemm", [left, right], ("alpha", alpha), ("transA", transposeLeft), ("transB", transposeRight));
}
