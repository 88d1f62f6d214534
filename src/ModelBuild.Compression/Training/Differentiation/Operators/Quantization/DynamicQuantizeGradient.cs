namespace ModelBuild.Compression.Training.Differentiation.Operators.Quantization;

/// <summary>The gradient of DynamicQuantizeLinear, which ignores the rounding. The scale covers the range of each input and is not learned.</summary>
internal sealed class DynamicQuantizeGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, node.Gradient());
}
