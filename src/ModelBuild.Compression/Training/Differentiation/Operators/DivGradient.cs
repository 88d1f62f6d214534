namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Div: ∂(a/b)/∂a = 1/b and ∂(a/b)/∂b = −(a/b)/b.</summary>
internal sealed class DivGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var quotient = node.Emit("Div", [node.Gradient(), node.Input(1)]);
        if (node.Needs(0))
            node.AddBroadcast(0, quotient);
        if (node.Needs(1))
            node.AddBroadcast(1, node.Emit("Neg", [node.Emit("Mul", [quotient, node.Output()])]));
    }
}
