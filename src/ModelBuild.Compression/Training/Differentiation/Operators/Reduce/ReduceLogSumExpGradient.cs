using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Reduce;

/// <summary>The gradient of ReduceLogSumExp: the derivative is exp(x − y) for the output y.</summary>
internal sealed class ReduceLogSumExpGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var share = node.Of("Exp", node.Difference(node.Input(0), Reductions.KeepDimensions(node, node.Output())));
        node.Add(0, node.Product(Reductions.KeepDimensions(node, node.Gradient()), share));
    }
}
