using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>One entry of a calibration file: the statistics of one value.</summary>
/// <param name="Name">The name of the value, for readers of the file.</param>
/// <param name="Computation">The fingerprint that identifies the value: see <see cref="ValueFingerprints"/>.</param>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="MeanMin">The mean of the smallest values of the calls.</param>
/// <param name="MeanMax">The mean of the largest values of the calls.</param>
/// <param name="MovingMin">The moving average of the smallest values of the calls.</param>
/// <param name="MovingMax">The moving average of the largest values of the calls.</param>
/// <param name="Histogram">The counts, encoded by <see cref="PackedNumbers"/>.</param>
/// <param name="Channels">The extremes of each channel; null when no layer needs them.</param>
internal sealed record StoredTensor(
    string Name,
    string Computation,
    float Min,
    float Max,
    float MeanMin,
    float MeanMax,
    float MovingMin,
    float MovingMax,
    string Histogram,
    StoredChannels? Channels
)
{
    /// <summary>Creates the entry of a calibration file from the statistics of a value.</summary>
    public static StoredTensor Of(string name, string computation, TensorStatistics statistics, int? axis) =>
        new(
            name,
            computation,
            statistics.Min,
            statistics.Max,
            statistics.MeanMin,
            statistics.MeanMax,
            statistics.MovingMin,
            statistics.MovingMax,
            PackedNumbers.Pack(statistics.Histogram!),
            axis is { } at && statistics.ChannelMin is { } min && statistics.ChannelMax is { } max
                ? new StoredChannels(at, PackedNumbers.Pack(min), PackedNumbers.Pack(max))
                : null
        );

    /// <summary>Decodes the statistics, with channel extremes if the entry holds them for <paramref name="axis"/>.</summary>
    /// <exception cref="InvalidDataException">The entry is damaged.</exception>
    public TensorStatistics Statistics(int? axis)
    {
        var channels = axis is { } at && Channels?.Axis == at ? Channels : null;
        return new TensorStatistics(
            Min,
            Max,
            MeanMin,
            MeanMax,
            MovingMin,
            MovingMax,
            PackedNumbers.UnpackCounts(Histogram, TensorStatistics.Bins),
            channels is null ? null : PackedNumbers.UnpackFloats(channels.Min),
            channels is null ? null : PackedNumbers.UnpackFloats(channels.Max)
        );
    }
}
