namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Clip: it belongs to x where the output lies between the limits, and to a limit where x lies beyond it.</summary>
internal sealed class ClipGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var isAbove = node.Has(1) ? node.Step(node.Difference(node.Output(), node.Input(1))) : null;
        var isBelow = node.Has(2) ? node.Step(node.Difference(node.Input(2), node.Output())) : null;
        if (node.Needs(0))
            node.Add(
                0,
                new[] { isAbove, isBelow }.Where(mask => mask is not null).Aggregate(node.Gradient(), (gradient, mask) => node.Product(gradient, mask!))
            );
        if (node.Needs(1))
            node.AddBroadcast(1, node.Product(node.Gradient(), node.Step(node.Difference(node.Input(1), node.Input(0)))));
        if (node.Needs(2))
            node.AddBroadcast(2, node.Product(node.Gradient(), node.Step(node.Difference(node.Input(0), node.Input(2)))));
    }
}
