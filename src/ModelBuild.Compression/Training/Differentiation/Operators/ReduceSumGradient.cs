namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of ReduceSum: each term has the gradient of the sum.</summary>
internal sealed class ReduceSumGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, Reductions.Expand(node, node.Gradient()));
    }
}
