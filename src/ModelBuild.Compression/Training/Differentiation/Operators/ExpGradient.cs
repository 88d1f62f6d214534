namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Exp: the derivative is the output.</summary>
internal sealed class ExpGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, node.Emit("Mul", [node.Gradient(), node.Output()]));
    }
}
