namespace ModelBuild.Compression.GraphEdits;

/// <summary>Lists of axes, which may count from the end.</summary>
internal static class Axes
{
    /// <summary>The axes counted from the front, in their order; null when one counts from the end of an unknown rank, or is out of range, or stands twice.</summary>
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
