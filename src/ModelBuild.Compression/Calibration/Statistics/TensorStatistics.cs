namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// What was seen of one float tensor over all calibration calls. Values that are not finite are left out; a tensor that never had a value has zeros.
/// </summary>
/// <param name="Min">The least value.</param>
/// <param name="Max">The greatest value.</param>
/// <param name="MeanMin">The mean over the calls of each call's least value.</param>
/// <param name="MeanMax">The mean over the calls of each call's greatest value.</param>
/// <param name="MovingMin">The moving average of the calls' least values.</param>
/// <param name="MovingMax">The moving average of the calls' greatest values.</param>
/// <param name="Histogram">
/// Counts of equally wide bins from <paramref name="Min"/> to <paramref name="Max"/>, the first when both are equal; null when not asked for.
/// </param>
/// <param name="ChannelMin">The least value of each index of the channel axis; null when not asked for, or when the size differs between calls.</param>
/// <param name="ChannelMax">The greatest value of each index of the channel axis.</param>
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
    /// <summary>Whether values that are not finite are known to have been left out.</summary>
    public bool HasUnfinite { get; init; }

    /// <summary>How many bins a histogram has.</summary>
    public const int Bins = 2048;
}
