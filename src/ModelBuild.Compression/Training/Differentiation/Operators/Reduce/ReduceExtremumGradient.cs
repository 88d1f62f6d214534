using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Reduce;

/// <summary>The gradient of ReduceMax and ReduceMin: it belongs to the elements that are equal to the output, in equal shares.</summary>
internal sealed class ReduceExtremumGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var shares = node.Equality(node.Input(0), Reductions.KeepDimensions(node, node.Output()));
        var share = node.Quotient(Reductions.KeepDimensions(node, node.Gradient()), Reductions.Sum(node, shares));
        node.Add(0, node.Product(share, shares));
    }
}
