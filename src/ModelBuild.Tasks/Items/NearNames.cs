namespace ModelBuild.Tasks.Items;

/// <summary>What someone who mistyped a name may have meant.</summary>
internal static class NearNames
{
    /// <summary>Up to three of the names, the nearest first, that a few keystrokes turn into the given one.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> names) =>
        [
            .. names
                .Distinct(StringComparer.Ordinal)
                .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
                .Where(pair => pair.distance <= Math.Max(2, name.Length / 3))
                .OrderBy(pair => pair.distance)
                .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
                .Take(3)
                .Select(pair => pair.candidate),
        ];

    // The least number of letters to insert, remove or replace, and of neighbours to swap (optimal string alignment).
    private static int Distance(string from, string to)
    {
        var distance = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        for (var j = 0; j <= to.Length; j++)
        {
            if (i == 0 || j == 0)
            {
                distance[i, j] = i + j;
                continue;
            }

            var isSame = from[i - 1] == to[j - 1];
            distance[i, j] = Math.Min(Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1, distance[i - 1, j - 1] + (isSame ? 0 : 1));
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
        }

        return distance[from.Length, to.Length];
    }
}
