namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Cos: the derivative is the negative sine.</summary>
internal sealed class CosGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Of("Neg", node.Of("Sin", node.Input(0))));
}
