namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Atanh: the derivative is 1/(1 − x²).</summary>
internal sealed class AtanhGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, node.Quotient(node.Gradient(), node.Difference(1, node.Square(node.Input(0)))));
}
