namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Sigmoid: the derivative is y·(1 − y) for the output y.</summary>
internal sealed class SigmoidGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Difference(node.Output(), node.Square(node.Output())));
}
