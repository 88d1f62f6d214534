namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Mish, y = x·t with t = tanh(ln(1 + exp(x))). The derivative is t + x·sigmoid(x)·(1 − t²).</summary>
internal sealed class MishGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var x = node.Input(0);
        var t = node.Of("Tanh", node.Of("Softplus", x));
        var slope = node.Product(node.Product(x, node.Of("Sigmoid", x)), node.Difference(1, node.Square(t)));
        node.AddProduct(0, node.Sum(t, slope));
    }
}
