namespace ModelBuild.Architecture.Tests;

/// <summary>An order of parts: each part may refer to parts of lower levels only, and to itself.</summary>
/// <param name="levels">The levels from the lowest on, each with the names of its parts.</param>
internal sealed class Levels(params string[][] levels)
{
    private readonly Dictionary<string, int> _levels = levels
        .SelectMany((parts, level) => parts.Select(part => (part, level)))
        .ToDictionary(item => item.part, item => item.level, StringComparer.Ordinal);

    /// <summary>The references that break the order, as <c>Part.Type -> Part.Type</c>, and the parts that have no level.</summary>
    public IReadOnlyList<string> Faults(IEnumerable<(string FromPart, string From, string ToPart, string To)> references)
    {
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (fromPart, from, toPart, to) in references)
        {
            if (!_levels.TryGetValue(fromPart, out var above))
                faults.Add($"'{fromPart}' has no level: {from}");
            else if (!_levels.TryGetValue(toPart, out var below))
                faults.Add($"'{toPart}' has no level: {to}");
            else if (fromPart != toPart && below >= above)
                faults.Add($"{fromPart}.{from} -> {toPart}.{to}");
        }

        return [.. faults];
    }
}
