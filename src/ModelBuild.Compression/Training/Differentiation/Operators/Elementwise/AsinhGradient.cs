namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Asinh: the derivative is 1/√(x² + 1).</summary>
internal sealed class AsinhGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, node.Quotient(node.Gradient(), node.Of("Sqrt", node.Sum(node.Square(node.Input(0)), 1))));
}
