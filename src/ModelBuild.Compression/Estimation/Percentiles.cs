namespace ModelBuild.Compression.Estimation;

/// <summary>
/// Computes percentiles with linear interpolation between the two nearest values (Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996, type 7).
/// </summary>
internal static class Percentiles
{
    /// <summary>Returns the value below which a share of the values lies.</summary>
    /// <param name="sorted">The values in ascending order, at least one.</param>
    /// <param name="share">The share, from 0 to 1.</param>
    public static double Of(IReadOnlyList<double> sorted, double share)
    {
        var position = share * (sorted.Count - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
