namespace ModelBuild.Compression.Estimation;

/// <summary>
/// Estimates how often a margin is lost, from few samples: each margin is combined with the change of each other margin, as if the two were independent. A
/// rare loss may occur in none of n samples, but there are n² pairs, so that a small share can be estimated.
/// </summary>
internal static class MarginPairs
{
    /// <summary>Returns the share of pairs of a margin and a change whose sum is positive, so that the margin is not lost.</summary>
    /// <param name="margins">The margins before a change, at least one.</param>
    /// <param name="changes">The changes of margins, at least one. A change that is NaN counts as the loss of every margin.</param>
    public static double SharePositive(IReadOnlyCollection<double> margins, IReadOnlyCollection<double> changes)
    {
        double[] ascending = [.. margins.Order()];
        double[] descending = [.. changes.Select(change => double.IsNaN(change) ? double.NegativeInfinity : change).OrderDescending()];
        // Changes are processed from the largest to the smallest. The smaller a change is, the fewer margins stay positive with it, so that the index of the
        // first such margin only grows.
        var (count, first) = (0L, 0);
        foreach (var change in descending)
        {
            while (first < ascending.Length && ascending[first] + change <= 0)
                first++;
            count += ascending.Length - first;
        }

        return (double)count / ascending.Length / descending.Length;
    }
}
