using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The ranges of an activation's columns.</summary>
/// <param name="Largest">The largest magnitude of each column.</param>
/// <param name="Middles">The middle of the range of each column.</param>
/// <param name="Halves">The largest magnitude of each column after the subtraction of its middle.</param>
internal sealed record ColumnRanges(double[] Largest, double[] Middles, double[] Halves)
{
    /// <summary>Returns the ranges of an activation's columns; null if they are unknown.</summary>
    /// <param name="statistics">The statistics of the activation for each column.</param>
    /// <param name="columns">The number of columns.</param>
    public static ColumnRanges? Of(TensorStatistics? statistics, int columns)
    {
        if (statistics?.ChannelMax?.Length != columns)
            return null;
        var pairs = statistics.ChannelMin!.Zip(statistics.ChannelMax, (least, greatest) => (Least: (double)least, Greatest: (double)greatest)).ToArray();
        return new ColumnRanges(
            Array.ConvertAll(pairs, pair => Math.Max(Math.Abs(pair.Least), Math.Abs(pair.Greatest))),
            Array.ConvertAll(pairs, pair => (pair.Least + pair.Greatest) / 2),
            Array.ConvertAll(pairs, pair => (pair.Greatest - pair.Least) / 2)
        );
    }
}
