using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of HardSigmoid: y = max(0, min(1, α·x + β)) has the derivative α where 0 &lt; y &lt; 1.</summary>
internal sealed class HardSigmoidGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var isBetween = node.Step(node.Difference(node.Output(), node.Square(node.Output())));
        node.AddProduct(0, node.Product(isBetween, node.Node.GetFloat("alpha", 0.2f)));
    }
}
