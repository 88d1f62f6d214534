namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Acos: the derivative is −1/√(1 − x²).</summary>
internal sealed class AcosGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.Add(0, node.Of("Neg", node.Quotient(node.Gradient(), node.Of("Sqrt", node.Difference(1, node.Square(node.Input(0)))))));
}
