namespace ModelBuild.Compression.Training.Differentiation.Operators.Pooling;

/// <summary>
/// The gradient of AveragePool. The mean over a window is the mean along each spatial axis in turn, for every way to count the padding. The gradient is the
/// product with the transposed maps.
/// </summary>
internal sealed class AveragePoolGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, PoolMaps.Transpose(node, node.Gradient()));
}
