namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of GlobalAveragePool: each position has the gradient of the mean, divided by the number of positions.</summary>
internal sealed class GlobalAveragePoolGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var sizes = node.Sizes(node.Input(0));
        var positions = sizes.Skip(2).All(size => size >= 0)
            ? node.Number(sizes.Skip(2).Aggregate(1L, (a, b) => a * b))
            : node.Emit("Div", [Reductions.Size(node, node.Input(0)), Reductions.Size(node, node.Output())]);
        node.Add(0, node.Emit("Expand", [node.Emit("Div", [node.Gradient(), positions]), node.ShapeOf(node.Input(0))]));
    }
}
