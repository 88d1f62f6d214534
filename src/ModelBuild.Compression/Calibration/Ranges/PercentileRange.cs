namespace ModelBuild.Compression.Calibration.Ranges;

/// <summary>Finds the range without a small share of the values: equal shares in both tails, or the whole share in the only tail.</summary>
internal static class PercentileRange
{
    /// <summary>Returns the range between two bin edges that keeps at least <paramref name="percentile"/> percent of the values.</summary>
    public static (float Min, float Max) Find(BinnedValues values, double percentile)
    {
        var cut = values.Counts.Sum() * (100 - percentile) / 100 / (values.Start < 0 && values.End > 0 ? 2 : 1);
        var min = values.Start < 0 ? values.Edge(Skipped(values.Counts, cut)) : 0;
        var max = values.End > 0 ? values.Edge(values.Counts.Length - Skipped(values.Counts.AsEnumerable().Reverse(), cut)) : 0;
        return ((float)min, (float)max);
    }

    // Returns how many bins at one end of a histogram can be left out, so that they contain at most the given number of values together.
    private static int Skipped(IEnumerable<long> counts, double cut)
    {
        var sum = 0L;
        return counts.TakeWhile(count => (sum += count) <= cut).Count();
    }
}
