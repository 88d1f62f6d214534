namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Softplus: the derivative of ln(1 + exp(x)) is the sigmoid of x.</summary>
internal sealed class SoftplusGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Of("Sigmoid", node.Input(0)));
}
