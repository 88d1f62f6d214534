namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of a Cast from float32 to float32, which has no effect. Casts to integers have the gradient 0.</summary>
internal sealed class CastGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, node.Gradient());
}
