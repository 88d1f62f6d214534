namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Softsign: the derivative of x/(1 + |x|) is 1/(1 + |x|)².</summary>
internal sealed class SoftsignGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, node.Quotient(node.Gradient(), node.Square(node.Sum(node.Of("Abs", node.Input(0)), 1))));
}
