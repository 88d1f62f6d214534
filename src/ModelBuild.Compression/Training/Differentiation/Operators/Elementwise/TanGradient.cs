namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Tan: the derivative is 1 + y² for the output y.</summary>
internal sealed class TanGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Sum(node.Square(node.Output()), 1));
}
