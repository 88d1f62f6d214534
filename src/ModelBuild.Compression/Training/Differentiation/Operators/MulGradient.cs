namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Mul: the gradient of a factor is that of the product times the other factor.</summary>
internal sealed class MulGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        for (var input = 0; input < 2; input++)
            if (node.Needs(input))
                node.AddBroadcast(input, node.Emit("Mul", [node.Gradient(), node.Input(1 - input)]));
    }
}
