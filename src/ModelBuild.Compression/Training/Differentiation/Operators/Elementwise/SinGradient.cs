namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Sin: the derivative is the cosine.</summary>
internal sealed class SinGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Of("Cos", node.Input(0)));
}
