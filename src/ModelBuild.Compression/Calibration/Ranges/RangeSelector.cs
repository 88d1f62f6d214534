using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Calibration.Ranges;

/// <summary>
/// Chooses the range that an activation is quantized over. The range always contains zero, which padding and Relu need exactly, and never exceeds the
/// measured values. A symmetric range extends to the magnitude of the larger extreme on both sides.
/// </summary>
internal static class RangeSelector
{
    /// <summary>The share of the values, in percent, that the range of <see cref="CalibrationMethod.Percentile"/> keeps.</summary>
    public const double DefaultPercentile = 99.999;

    /// <summary>Returns whether a calibration method needs a histogram of the values.</summary>
    public static bool NeedsHistogram(CalibrationMethod method) => method is CalibrationMethod.Percentile or CalibrationMethod.Entropy or CalibrationMethod.Mse;

    /// <summary>Returns the range of real values that an activation is quantized over.</summary>
    /// <param name="statistics">The measured statistics, with a histogram when the method needs one.</param>
    /// <param name="method">The method that chooses the range.</param>
    /// <param name="isSymmetric">Whether the range extends equally far below and above zero.</param>
    /// <param name="levels">The number of values of the quantized type, such as 256, or 255 for −127…127.</param>
    /// <param name="percentile">The share of the values in percent, 0…100, that <see cref="CalibrationMethod.Percentile"/> keeps.</param>
    /// <exception cref="ArgumentException">The method needs a histogram, and the statistics have none.</exception>
    public static (float Min, float Max) Select(
        TensorStatistics statistics,
        CalibrationMethod method,
        bool isSymmetric,
        int levels,
        double percentile = DefaultPercentile
    )
    {
        if (NeedsHistogram(method) && statistics.Histogram is null)
            throw new ArgumentException($"{method} needs a histogram.", nameof(statistics));
        var (least, greatest) = (Math.Min(0, statistics.Min), Math.Max(0, statistics.Max));
        var (min, max) = method switch
        {
            _ when least == greatest => (0, 0),
            CalibrationMethod.MovingAverage => (statistics.MovingMin, statistics.MovingMax),
            CalibrationMethod.Mean => (statistics.MeanMin, statistics.MeanMax),
            CalibrationMethod.Percentile => PercentileRange.Find(BinnedValues.Of(statistics, isSymmetric), percentile),
            CalibrationMethod.Entropy => EntropyRange.Find(BinnedValues.Of(statistics, isSymmetric), isSymmetric ? (levels + 1) / 2 : levels),
            CalibrationMethod.Mse => MseRange.Find(BinnedValues.Of(statistics, isSymmetric: false), isSymmetric, levels),
            _ => (statistics.Min, statistics.Max),
        };
        if (isSymmetric)
        {
            var reach = Math.Min(Math.Max(Math.Abs(min), Math.Abs(max)), Math.Max(-least, greatest));
            return (-reach, reach);
        }

        return (Math.Clamp(min, least, 0), Math.Clamp(max, 0, greatest));
    }
}
