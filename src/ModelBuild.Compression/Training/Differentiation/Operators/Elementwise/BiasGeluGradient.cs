namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of BiasGelu, the exact Gelu of x + b. Both terms have the derivative of Gelu.</summary>
internal sealed class BiasGeluGradient : IGradient
{
    public void Differentiate(GradientNode node) => BiasedInput.Differentiate(node, GeluFormula.Exact);
}
