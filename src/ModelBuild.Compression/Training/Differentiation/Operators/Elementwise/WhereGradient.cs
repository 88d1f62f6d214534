namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Where: each element belongs to the input that the condition selects.</summary>
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
