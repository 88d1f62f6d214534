using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>One line of a calibration file: the statistics of one value.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Computation">What it is known by: see <see cref="ValueFingerprints"/>.</param>
/// <param name="Min">The least value.</param>
/// <param name="Max">The greatest value.</param>
/// <param name="MeanMin">The mean of the calls' least values.</param>
/// <param name="MeanMax">The mean of the calls' greatest values.</param>
/// <param name="MovingMin">The moving average of the calls' least values.</param>
/// <param name="MovingMax">The moving average of the calls' greatest values.</param>
/// <param name="Histogram">The counts, packed as <see cref="PackedNumbers"/> says.</param>
/// <param name="Channels">The extremes by channel; null where nothing asks for them.</param>
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
    /// <summary>The line for a value.</summary>
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

    /// <summary>What the line says; channels where they are those of <paramref name="axis"/>.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
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
