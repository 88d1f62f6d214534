namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Atan: the derivative is 1/(1 + x²).</summary>
internal sealed class AtanGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, node.Quotient(node.Gradient(), node.Sum(node.Square(node.Input(0)), 1)));
}
