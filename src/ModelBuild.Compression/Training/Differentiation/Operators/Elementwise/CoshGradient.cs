namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Cosh: the derivative is the hyperbolic sine.</summary>
internal sealed class CoshGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Of("Sinh", node.Input(0)));
}
