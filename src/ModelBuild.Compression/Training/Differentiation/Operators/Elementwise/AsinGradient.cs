namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Asin: the derivative is 1/√(1 − x²).</summary>
internal sealed class AsinGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.Add(0, node.Quotient(node.Gradient(), node.Of("Sqrt", node.Difference(1, node.Square(node.Input(0))))));
}
