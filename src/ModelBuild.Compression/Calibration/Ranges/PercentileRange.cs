namespace ModelBuild.Compression.Calibration.Ranges;

/// <summary>Leaves out a small share of the values: the same in each tail, or all of it where there is one tail only.</summary>
internal static class PercentileRange
{
    /// <summary>The range, from bin edge to bin edge, that keeps <paramref name="percentile"/> percent of the values or a little more.</summary>
    public static (float Min, float Max) Find(BinnedValues values, double percentile)
    {
        var cut = values.Counts.Sum() * (100 - percentile) / 100 / (values.Start < 0 && values.End > 0 ? 2 : 1);
        var min = values.Start < 0 ? values.Edge(Skipped(values.Counts, cut)) : 0;
        var max = values.End > 0 ? values.Edge(values.Counts.Length - Skipped(values.Counts.AsEnumerable().Reverse(), cut)) : 0;
        return ((float)min, (float)max);
    }

    // How many bins together hold no more than the cut.
    private static int Skipped(IEnumerable<long> counts, double cut)
    {
        var sum = 0L;
        return counts.TakeWhile(count => (sum += count) <= cut).Count();
    }
}
