using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Normalization;

/// <summary>The gradient of MeanVarianceNormalization, which normalizes the input over some axes, without a scale.</summary>
internal sealed class MeanVarianceNormalizationGradient : IGradient
{
    // The number that is added to the variance: the square of the number that ONNX adds to the standard deviation. The results differ for constant inputs
    // alone.
    private const float Epsilon = 1e-9f * 1e-9f;

    public void Differentiate(GradientNode node)
    {
        long[] axes = [.. (node.Node.GetInts("axes") ?? [0, 2, 3]).Select(axis => (long)node.Axis(axis, node.Input(0)))];
        node.Add(0, NormalizedValue.Of(node, node.Input(0), axes, Epsilon, isCentred: true).InputGradient(node, node.Gradient()));
    }
}
