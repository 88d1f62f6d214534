namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of ReduceMean: each term has the gradient of the mean, divided by the number of terms.</summary>
internal sealed class ReduceMeanGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, node.Emit("Div", [Reductions.Expand(node, node.Gradient()), Reductions.Count(node)]));
    }
}
