using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Reduce;

/// <summary>The gradient of ReduceL1: the derivative is the sign of the element.</summary>
internal sealed class ReduceL1Gradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, node.Product(Reductions.KeepDimensions(node, node.Gradient()), node.Sign(node.Input(0))));
    }
}
