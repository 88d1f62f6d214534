using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Calibration.Ranges;

/// <summary>Counts of values in equally wide bins, which reach to zero at least.</summary>
/// <param name="Start">Where the first bin begins; at most 0.</param>
/// <param name="Width">The width of a bin.</param>
/// <param name="Counts">The counts.</param>
/// <param name="ZeroBin">
/// The bin that zero is counted in. Exact zeros, of Relu and of padding, outnumber its other values by far, so all of it counts as zero, which is
/// always represented exactly.
/// </param>
internal sealed record BinnedValues(double Start, double Width, long[] Counts, int ZeroBin)
{
    /// <summary>Where the last bin ends; at least 0.</summary>
    public double End => Edge(Counts.Length);

    /// <summary>The values of a tensor that are not all zero, or their magnitudes.</summary>
    public static BinnedValues Of(TensorStatistics statistics, bool isSymmetric)
    {
        var (min, max, counts) = (statistics.Min, statistics.Max, statistics.Histogram!);
        var seen = new BinnedValues(min, ((double)max - min) / counts.Length, counts, BinCounter.BinOf(0, min, max));
        var signed = min <= 0 && max >= 0 ? seen : seen.Reaching(Math.Min(0, min), Math.Max(0, max));
        return isSymmetric ? signed.Magnitudes() : signed;
    }

    /// <summary>Where a bin begins; for the number of bins, where the last one ends.</summary>
    public double Edge(int bin) => Start + (bin * Width);

    /// <summary>The value that stands for a bin: its middle, or zero.</summary>
    public double Value(int bin) => bin == ZeroBin ? 0 : Middle(bin);

    private double Middle(int bin) => Start + ((bin + 0.5) * Width);

    // Values on one side of zero only: the range to choose begins at zero all the same.
    private BinnedValues Reaching(double start, double end)
    {
        var (width, counts) = ((end - start) / Counts.Length, new long[Counts.Length]);
        for (var i = 0; i < Counts.Length; i++)
            counts[(int)Math.Clamp((Middle(i) - start) / width, 0, counts.Length - 1)] += Counts[i];
        return new BinnedValues(start, width, counts, start < 0 ? counts.Length - 1 : 0);
    }

    // Bins of the same width, or few would be filled.
    private BinnedValues Magnitudes()
    {
        var reach = Math.Max(-Start, End);
        var magnitudes = new long[(int)Math.Ceiling(Math.Round(reach / Width, 6))];
        for (var i = 0; i < Counts.Length; i++)
            magnitudes[(int)Math.Clamp(Math.Abs(Value(i)) / Width, 0, magnitudes.Length - 1)] += Counts[i];
        return new BinnedValues(0, reach / magnitudes.Length, magnitudes, 0);
    }
}
