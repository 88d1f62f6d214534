namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Sinh: the derivative is the hyperbolic cosine.</summary>
internal sealed class SinhGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Of("Cosh", node.Input(0)));
}
