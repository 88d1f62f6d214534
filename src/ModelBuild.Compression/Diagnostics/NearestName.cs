namespace ModelBuild.Compression.Diagnostics;

/// <summary>The name a user probably meant, by edit distance (Levenshtein 1966).</summary>
internal static class NearestName
{
    /// <summary>" Did you mean 'x'?", or an empty string when nothing is near.</summary>
    public static string Hint(string typed, IEnumerable<string> known)
    {
        var nearest = known.Select(name => (Name: name, Distance: Distance(typed, name))).OrderBy(pair => pair.Distance).FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, nearest.Name.Length / 2)
            ? $" Did you mean '{nearest.Name}'?"
            : "";
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
