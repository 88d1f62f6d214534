using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Reduce;

/// <summary>ReduceL1: the derivative is the sign.</summary>
internal sealed class ReduceL1Gradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, node.Product(Reductions.KeepDimensions(node, node.Gradient()), node.Sign(node.Input(0))));
    }
}
