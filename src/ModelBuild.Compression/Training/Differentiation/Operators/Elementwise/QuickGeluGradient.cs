using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of QuickGelu, y = x·s with s = sigmoid(α·x). The derivative is s + α·x·s·(1 − s).</summary>
internal sealed class QuickGeluGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var scaled = node.Product(node.Input(0), node.Node.GetFloat("alpha", 1.702f));
        var s = node.Of("Sigmoid", scaled);
        node.AddProduct(0, node.Sum(s, node.Product(scaled, node.Difference(s, node.Square(s)))));
    }
}
