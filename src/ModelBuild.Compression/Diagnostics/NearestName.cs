namespace ModelBuild.Compression.Diagnostics;

/// <summary>Finds the name that a user probably meant, by edit distance.</summary>
public static class NearestName
{
    /// <summary>Returns " Did you mean 'x'?", or an empty string when no name is similar.</summary>
    public static string Hint(string typed, IEnumerable<string> known) => Of(typed, known) is { } name ? $" Did you mean '{name}'?" : "";

    /// <summary>Returns the most similar name, or null when no name is similar.</summary>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(known);
        var nearest = known.Select(name => (Name: name, Distance: Distance(typed, name))).OrderBy(pair => pair.Distance).FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, nearest.Name.Length / 2) ? nearest.Name : null;
    }

    private static int Distance(string a, string b) => EditDistance.Of<char>(a, b, (x, y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y));
}
