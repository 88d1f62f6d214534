using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Celu, y = x where x is positive, and α·(exp(x/α) − 1) elsewhere. The derivative is min(y, 0)/α + 1.</summary>
internal sealed class CeluGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var negative = node.Emit("Min", [node.Output(), node.Number(0)]);
        node.AddProduct(0, node.Sum(node.Product(negative, 1 / node.Node.GetFloat("alpha", 1)), 1));
    }
}
