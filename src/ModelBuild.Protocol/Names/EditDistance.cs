namespace ModelBuild.Protocol;

/// <summary>Computes the smallest number of edits that turn one sequence into another.</summary>
internal static class EditDistance
{
    /// <summary>
    /// Returns the number of insertions, removals and replacements that turn one sequence into another (Levenshtein 1966). With <paramref name="swaps"/>, an
    /// exchange of two neighbours counts as one edit (optimal string alignment).
    /// </summary>
    public static int Of<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, bool swaps = false)
        where T : IEquatable<T>
    {
        var beforePrevious = new int[b.Count + 1];
        var previous = Enumerable.Range(0, b.Count + 1).ToArray();
        var current = new int[b.Count + 1];
        for (var i = 1; i <= a.Count; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Count; j++)
            {
                var replacement = previous[j - 1] + (a[i - 1].Equals(b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replacement, Math.Min(previous[j], current[j - 1]) + 1);
                if (swaps && i > 1 && j > 1 && a[i - 1].Equals(b[j - 2]) && a[i - 2].Equals(b[j - 1]))
                    current[j] = Math.Min(current[j], beforePrevious[j - 2] + 1);
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[b.Count];
    }
}
