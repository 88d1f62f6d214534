namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Reciprocal, y = 1/x: the derivative is −y².</summary>
internal sealed class ReciprocalGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Of("Neg", node.Square(node.Output())));
}
