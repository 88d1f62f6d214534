using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Reduce;

/// <summary>The gradient of ReduceLogSum: the derivative is 1/exp(y) for the output y.</summary>
internal sealed class ReduceLogSumGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, Reductions.Expand(node, node.Quotient(node.Gradient(), node.Of("Exp", node.Output()))));
    }
}
