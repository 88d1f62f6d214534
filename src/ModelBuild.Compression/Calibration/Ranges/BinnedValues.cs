using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Calibration.Ranges;

/// <summary>A histogram with bins of equal width that covers at least the values up to zero.</summary>
/// <param name="Start">The lower edge of the first bin; at most 0.</param>
/// <param name="Width">The width of a bin.</param>
/// <param name="Counts">The counts.</param>
/// <param name="ZeroBin">
/// The bin that contains zero. Exact zeros from Relu and padding outnumber the other values of this bin by far, so that all values of the bin count as zero,
/// which every grid represents exactly.
/// </param>
internal sealed record BinnedValues(double Start, double Width, long[] Counts, int ZeroBin)
{
    /// <summary>The upper edge of the histogram's last bin; at least 0.</summary>
    public double End => Edge(Counts.Length);

    /// <summary>Creates the histogram of the values of a tensor that are not all zero, or of their magnitudes for a symmetric range.</summary>
    public static BinnedValues Of(TensorStatistics statistics, bool isSymmetric)
    {
        var (min, max, counts) = (statistics.Min, statistics.Max, statistics.Histogram!);
        var seen = new BinnedValues(min, ((double)max - min) / counts.Length, counts, BinCounter.BinOf(0, min, max));
        var signed = min <= 0 && max >= 0 ? seen : seen.Reaching(Math.Min(0, min), Math.Max(0, max));
        return isSymmetric ? signed.Magnitudes() : signed;
    }

    /// <summary>Returns the lower edge of a bin. The number of bins as an argument gives the upper edge of the last bin.</summary>
    public double Edge(int bin) => Start + (bin * Width);

    /// <summary>Returns the value that represents a bin: its middle, or zero for the bin of zero.</summary>
    public double Value(int bin) => bin == ZeroBin ? 0 : Middle(bin);

    private double Middle(int bin) => Start + ((bin + 0.5) * Width);

    // Extends a histogram whose values all lie on one side of zero up to zero, because every range that is chosen contains zero.
    private BinnedValues Reaching(double start, double end)
    {
        var (width, counts) = ((end - start) / Counts.Length, new long[Counts.Length]);
        for (var i = 0; i < Counts.Length; i++)
            counts[(int)Math.Clamp((Middle(i) - start) / width, 0, counts.Length - 1)] += Counts[i];
        return new BinnedValues(start, width, counts, start < 0 ? counts.Length - 1 : 0);
    }

    // Returns the histogram of the magnitudes of the values. The bins keep their width, because narrower bins would mostly be empty.
    private BinnedValues Magnitudes()
    {
        var reach = Math.Max(-Start, End);
        var magnitudes = new long[(int)Math.Ceiling(Math.Round(reach / Width, 6))];
        for (var i = 0; i < Counts.Length; i++)
            magnitudes[(int)Math.Clamp(Math.Abs(Value(i)) / Width, 0, magnitudes.Length - 1)] += Counts[i];
        return new BinnedValues(0, reach / magnitudes.Length, magnitudes, 0);
    }
}
