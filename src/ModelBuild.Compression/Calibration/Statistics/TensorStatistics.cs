namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// The statistics of one float tensor over all calibration calls. They ignore values that are not finite. All extremes of a tensor without finite values are
/// zero.
/// </summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="MeanMin">The mean of the smallest values of the calls.</param>
/// <param name="MeanMax">The mean of the largest values of the calls.</param>
/// <param name="MovingMin">The moving average of the smallest values of the calls.</param>
/// <param name="MovingMax">The moving average of the largest values of the calls.</param>
/// <param name="Histogram">
/// The counts of bins of equal width from <paramref name="Min"/> to <paramref name="Max"/>; null when not requested. If both extremes are equal, the first
/// bin has all counts.
/// </param>
/// <param name="ChannelMin">The smallest value of each channel; null when not requested, or when the number of channels differs between calls.</param>
/// <param name="ChannelMax">The largest value of each channel.</param>
internal sealed record TensorStatistics(
    float Min,
    float Max,
    float MeanMin,
    float MeanMax,
    float MovingMin,
    float MovingMax,
    long[]? Histogram,
    float[]? ChannelMin,
    float[]? ChannelMax
)
{
    /// <summary>Whether values that are not finite were ignored.</summary>
    public bool HasUnfinite { get; init; }

    /// <summary>The number of bins of a histogram.</summary>
    public const int Bins = 2048;
}
