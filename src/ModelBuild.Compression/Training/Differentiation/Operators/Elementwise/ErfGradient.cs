namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Erf: the derivative is 2/√π·exp(−x²).</summary>
internal sealed class ErfGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.AddProduct(0, node.Product(node.Of("Exp", node.Of("Neg", node.Square(node.Input(0)))), (float)(2 / Math.Sqrt(Math.PI))));
}
