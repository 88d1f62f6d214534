namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of FastGelu, the approximation of Gelu by tanh, of x or of x + b.</summary>
internal sealed class FastGeluGradient : IGradient
{
    public void Differentiate(GradientNode node) => BiasedInput.Differentiate(node, GeluFormula.Tanh);
}
