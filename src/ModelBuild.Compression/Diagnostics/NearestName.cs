namespace ModelBuild.Compression.Diagnostics;

/// <summary>The name a user probably meant, by edit distance.</summary>
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

    private static int Distance(string a, string b) => EditDistance.Of<char>(a, b, (x, y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y));
}
