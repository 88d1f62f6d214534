using ModelBuild.Compression.Training.Weights;

namespace ModelBuild.Compression.Training.Normalizations;

/// <summary>A <c>BatchNormalization</c> node whose statistics can be estimated again.</summary>
/// <param name="Input">The name of the value that it normalizes.</param>
/// <param name="Depth">The largest number of such nodes that one path leads through before it reaches the node.</param>
/// <param name="Epsilon">The number that is added to the variance.</param>
/// <param name="Mean">The mean of each channel.</param>
/// <param name="Variance">The variance of each channel.</param>
internal sealed record NormalizationLayer(string Input, int Depth, float Epsilon, PlainValue Mean, PlainValue Variance)
{
    /// <summary>The mean and the variance of the node.</summary>
    public IEnumerable<PlainValue> Statistics => [Mean, Variance];
}
