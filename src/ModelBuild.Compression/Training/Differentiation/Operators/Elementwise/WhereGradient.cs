namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>Where: the gradient belongs to the input that is chosen.</summary>
internal sealed class WhereGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var zero = node.Number(0);
        if (node.Needs(1))
            node.AddBroadcast(1, node.Emit("Where", [node.Input(0), node.Gradient(), zero]));
        if (node.Needs(2))
            node.AddBroadcast(2, node.Emit("Where", [node.Input(0), zero, node.Gradient()]));
    }
}
