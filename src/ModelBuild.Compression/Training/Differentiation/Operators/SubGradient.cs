namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Sub: the first input has the gradient of the difference, and the second has its negative.</summary>
internal sealed class SubGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        if (node.Needs(0))
            node.AddBroadcast(0, node.Gradient());
        if (node.Needs(1))
            node.AddBroadcast(1, node.Emit("Neg", [node.Gradient()]));
    }
}
