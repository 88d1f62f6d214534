namespace ModelBuild.Compression.Diagnostics;

/// <summary>Computes the smallest number of insertions, removals and replacements that change one sequence into another (Levenshtein 1966).</summary>
internal static class EditDistance
{
    /// <summary>Returns the edit distance of two sequences.</summary>
    public static int Of<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Func<T, T, bool> areEqual)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (areEqual(a[i - 1], b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
