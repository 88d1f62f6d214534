namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of HardSwish: y = x·h with h = max(0, min(1, x/6 + ½)) has the derivative h, plus x/6 where 0 &lt; h &lt; 1.</summary>
internal sealed class HardSwishGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var gate = node.Emit("HardSigmoid", [node.Input(0)], ("alpha", 1 / 6f), ("beta", 0.5f));
        var isBetween = node.Step(node.Difference(gate, node.Square(gate)));
        node.AddProduct(0, node.Sum(gate, node.Product(isBetween, node.Product(node.Input(0), 1 / 6f))));
    }
}
