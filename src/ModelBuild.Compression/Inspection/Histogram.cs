using System.Globalization;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Inspection;

/// <summary>Counts the values of a layer before and after compression in bins of equal width.</summary>
internal static class Histogram
{
    private const int Bins = 32;
    private const int Thousandths = 1000;

    // The .NET format string of the figures in a histogram: three significant digits. Further digits would differ between CPUs.
    private const string Digits = "E2";

    /// <summary>Returns the histograms of the values before and after compression; null if the values are empty, not finite, or all the same.</summary>
    public static HistogramFacts? Of(string layer, bool isWeights, IReadOnlyList<double> before, IReadOnlyList<double>? after)
    {
        if (before.Count == 0 || after is { Count: 0 })
            return null;
        var (low, high) = (Math.Min(before.Min(), after?.Min() ?? double.MaxValue), Math.Max(before.Max(), after?.Max() ?? double.MinValue));
        return double.IsFinite(high - low) && high > low
            ? new HistogramFacts(layer, isWeights, Short(low), Short(high), Count(before, low, high), after is null ? null : Count(after, low, high))
            : null;
    }

    /// <summary>Rounds a bound of a histogram to three significant digits.</summary>
    public static double Short(double value) => double.Parse((value + 0.0).ToString(Digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static int[] Count(IReadOnlyList<double> values, double low, double high)
    {
        var counts = new long[Bins];
        foreach (var value in values)
            counts[Math.Clamp((int)((value - low) / (high - low) * Bins), 0, Bins - 1)]++;
        return [.. counts.Select(count => (int)Math.Round((double)Thousandths * count / values.Count))];
    }
}
