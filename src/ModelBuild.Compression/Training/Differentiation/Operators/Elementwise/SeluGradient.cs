using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Selu, y = γ·x where x is positive, and γ·α·(exp(x) − 1) elsewhere. The derivative is γ or y + γ·α.</summary>
internal sealed class SeluGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var (alpha, gamma) = (node.Node.GetFloat("alpha", 1.6732632f), node.Node.GetFloat("gamma", 1.050701f));
        node.AddProduct(0, ExponentialUnit.Derivative(node, gamma * alpha, gamma));
    }
}
