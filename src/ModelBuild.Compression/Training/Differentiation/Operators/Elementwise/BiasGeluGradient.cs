namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>BiasGelu: the exact Gelu of x + b; both terms have the derivative of Gelu.</summary>
internal sealed class BiasGeluGradient : IGradient
{
    public void Differentiate(GradientNode node) => BiasedInput.Differentiate(node, GeluFormula.Exact);
}
