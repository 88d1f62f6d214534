namespace ModelBuild.Compression.Training.Differentiation.Operators.Pooling;

/// <summary>
/// AveragePool: the mean over a window is the mean along each spatial axis in turn, for every way to count the padding. The gradient is the product with the
/// transposed maps.
/// </summary>
internal sealed class AveragePoolGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, PoolMaps.Transpose(node, node.Gradient()));
}
