using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Elu, y = x where x is positive, and α·(exp(x) − 1) elsewhere. The derivative is 1 or y + α.</summary>
internal sealed class EluGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, ExponentialUnit.Derivative(node, node.Node.GetFloat("alpha", 1), 1));
}
