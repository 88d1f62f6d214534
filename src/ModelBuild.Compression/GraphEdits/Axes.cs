namespace ModelBuild.Compression.GraphEdits;

/// <summary>Normalizes lists of axes, which may count from the end.</summary>
internal static class Axes
{
    /// <summary>
    /// Returns the axes counted from the front in the given order, or null when an axis counts from the end of an unknown rank, is out of range, or occurs
    /// twice.
    /// </summary>
    public static long[]? Normalize(long[] axes, int? rank)
    {
        var result = new long[axes.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            if (axes[i] < 0 && rank is null)
                return null;
            result[i] = axes[i] < 0 ? axes[i] + rank!.Value : axes[i];
            if (result[i] < 0 || result[i] >= (rank ?? long.MaxValue))
                return null;
        }

        return result.Distinct().Count() == result.Length ? result : null;
    }
}
