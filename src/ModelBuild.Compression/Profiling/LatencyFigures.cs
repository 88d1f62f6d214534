using ModelBuild.Compression.Estimation;

namespace ModelBuild.Compression.Profiling;

/// <summary>The distribution of the times of calls, in milliseconds.</summary>
/// <param name="Calls">The number of calls.</param>
/// <param name="MeanMs">The mean.</param>
/// <param name="DeviationMs">The standard deviation.</param>
/// <param name="MinMs">The shortest time.</param>
/// <param name="P50Ms">The median.</param>
/// <param name="P90Ms">The time that 90 % of the calls do not exceed.</param>
/// <param name="P99Ms">The time that 99 % of the calls do not exceed.</param>
/// <param name="MaxMs">The longest time.</param>
internal sealed record LatencyFigures(int Calls, double MeanMs, double DeviationMs, double MinMs, double P50Ms, double P90Ms, double P99Ms, double MaxMs)
{
    // Times in milliseconds are rounded to six decimals, which is a nanosecond.
    private const int Digits = 6;

    /// <summary>Returns the distribution of measured times in milliseconds.</summary>
    /// <param name="milliseconds">The times of the calls, at least one.</param>
    public static LatencyFigures Of(IReadOnlyCollection<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        var mean = sorted.Average();
        var variance = sorted.Sum(time => (time - mean) * (time - mean)) / Math.Max(1, sorted.Length - 1);
        return new LatencyFigures(
            sorted.Length,
            Rounded(mean),
            Rounded(Math.Sqrt(variance)),
            Rounded(sorted[0]),
            Rounded(Percentiles.Of(sorted, 0.5)),
            Rounded(Percentiles.Of(sorted, 0.9)),
            Rounded(Percentiles.Of(sorted, 0.99)),
            Rounded(sorted[^1])
        );
    }

    private static double Rounded(double milliseconds) => Math.Round(milliseconds, Digits);
}
