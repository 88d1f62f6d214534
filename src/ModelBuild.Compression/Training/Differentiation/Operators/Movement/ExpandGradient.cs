namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of Expand: the gradient is summed over the axes that were repeated.</summary>
internal sealed class ExpandGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddBroadcast(0, node.Gradient());
}
