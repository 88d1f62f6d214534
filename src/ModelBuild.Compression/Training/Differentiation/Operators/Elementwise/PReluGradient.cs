namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of PRelu, y = x where x is positive, and s·x elsewhere. The derivatives are 1 or s, and 0 or x.</summary>
internal sealed class PReluGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var isPositive = node.Step(node.Input(0));
        if (node.Needs(0))
            node.AddProduct(0, node.Sum(isPositive, node.Product(node.Difference(1, isPositive), node.Input(1))));
        if (node.Needs(1))
            node.AddBroadcast(1, node.Product(node.Gradient(), node.Emit("Min", [node.Input(0), node.Number(0)])));
    }
}
