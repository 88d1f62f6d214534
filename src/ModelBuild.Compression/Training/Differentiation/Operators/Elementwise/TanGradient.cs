namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>Tan: the derivative is 1 + y².</summary>
internal sealed class TanGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Sum(node.Square(node.Output()), 1));
}
