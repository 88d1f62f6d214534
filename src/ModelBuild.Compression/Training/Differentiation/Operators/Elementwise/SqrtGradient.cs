namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Sqrt: the derivative is 1/(2·y) for the output y.</summary>
internal sealed class SqrtGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, node.Quotient(node.Product(node.Gradient(), 0.5f), node.Output()));
}
