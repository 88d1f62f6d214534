namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Tanh: the derivative is 1 − y² for the output y.</summary>
internal sealed class TanhGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Difference(1, node.Square(node.Output())));
}
