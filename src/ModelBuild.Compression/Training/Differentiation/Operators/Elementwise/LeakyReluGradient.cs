using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of LeakyRelu: the derivative is 1 where x is positive, and α elsewhere.</summary>
internal sealed class LeakyReluGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var alpha = node.Node.GetFloat("alpha", 0.01f);
        node.AddProduct(0, node.Sum(node.Product(node.Step(node.Input(0)), 1 - alpha), alpha));
    }
}
