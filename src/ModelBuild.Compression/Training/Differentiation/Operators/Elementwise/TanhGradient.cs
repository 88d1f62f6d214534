namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>Tanh: the derivative is 1 − y².</summary>
internal sealed class TanhGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Difference(1, node.Square(node.Output())));
}
