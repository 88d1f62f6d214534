namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Log: the derivative is 1/x.</summary>
internal sealed class LogGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, node.Emit("Div", [node.Gradient(), node.Input(0)]));
    }
}
