namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Mod of floats, y = a − b·trunc(a/b): ∂y/∂a = 1 and ∂y/∂b = (y − a)/b.</summary>
internal sealed class ModGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        if (node.Needs(0))
            node.AddBroadcast(0, node.Gradient());
        if (node.Needs(1))
            node.AddBroadcast(1, node.Product(node.Gradient(), node.Quotient(node.Difference(node.Output(), node.Input(0)), node.Input(1))));
    }
}
