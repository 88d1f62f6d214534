namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Abs: the derivative is the sign of the input.</summary>
internal sealed class AbsGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Sign(node.Input(0)));
}
