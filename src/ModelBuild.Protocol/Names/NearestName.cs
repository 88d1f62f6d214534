namespace ModelBuild.Protocol;

/// <summary>Finds the known names that are nearest to a mistyped one, by edit distance.</summary>
internal static class NearestName
{
    private const int MaxNames = 3;

    /// <summary>Returns " Did you mean 'x'?", or an empty string if no name is near.</summary>
    public static string Hint(string typed, IEnumerable<string> known) => Of(typed, known) is { } name ? $" Did you mean '{name}'?" : "";

    /// <summary>Returns the known name that is nearest to a mistyped one; null if no name is near.</summary>
    public static string? Of(string typed, IEnumerable<string> known) => All(typed, known) is { Count: > 0 } near ? near[0] : null;

    /// <summary>Returns up to three known names that are near to a mistyped one, the nearest first. Case is ignored.</summary>
    public static IReadOnlyList<string> All(string typed, IEnumerable<string> known)
    {
        var letters = typed.ToUpperInvariant().ToCharArray();
        return
        [
            .. known
                .Distinct(StringComparer.Ordinal)
                .Select(name => (Name: name, Distance: EditDistance.Of(letters, name.ToUpperInvariant().ToCharArray(), swaps: true)))
                .Where(pair => pair.Distance <= MaxEdits(Math.Max(typed.Length, pair.Name.Length)))
                .OrderBy(pair => pair.Distance)
                .ThenBy(pair => pair.Name, StringComparer.Ordinal)
                .Take(MaxNames)
                .Select(pair => pair.Name),
        ];
    }

    // Returns the largest number of edits of a near name: two in short names, and one for every three letters in long names.
    private static int MaxEdits(int length) => Math.Max(2, length / 3);
}
