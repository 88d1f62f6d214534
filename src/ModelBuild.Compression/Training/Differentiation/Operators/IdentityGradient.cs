namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Identity: the gradient of the input is that of the output.</summary>
internal sealed class IdentityGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        node.Add(0, node.Gradient());
    }
}
