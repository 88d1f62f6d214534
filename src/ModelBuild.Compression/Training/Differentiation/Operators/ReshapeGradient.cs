namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Reshape, Flatten, Squeeze and Unsqueeze: the gradient is reshaped to the shape of the input.</summary>
internal sealed class ReshapeGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, node.Reshape(node.Gradient(), node.Input(0)));
    }
}
