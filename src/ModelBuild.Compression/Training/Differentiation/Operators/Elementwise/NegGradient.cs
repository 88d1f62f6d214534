namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Neg: the derivative is −1.</summary>
internal sealed class NegGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, node.Of("Neg", node.Gradient()));
}
