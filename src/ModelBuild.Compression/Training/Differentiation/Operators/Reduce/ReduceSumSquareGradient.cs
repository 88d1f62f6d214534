using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Reduce;

/// <summary>The gradient of ReduceSumSquare: the derivative is 2·x.</summary>
internal sealed class ReduceSumSquareGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, node.Product(Reductions.KeepDimensions(node, node.Product(node.Gradient(), 2)), node.Input(0)));
    }
}
