namespace ModelBuild.Architecture.Tests;

/// <summary>Finds circles among references: parts that refer to each other directly or over other parts.</summary>
internal static class Circles
{
    /// <summary>Returns a circle for each part that is in one, as <c>A -> B -> A</c>; the shortest one that begins there.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<(string From, string To)> references)
    {
        var next = references
            .Where(reference => reference.From != reference.To)
            .Distinct()
            .ToLookup(reference => reference.From, reference => reference.To, StringComparer.Ordinal);
        return [.. next.Select(part => part.Key).Order(StringComparer.Ordinal).Select(part => ShortestFrom(part, next)).OfType<string>()];
    }

    private static string? ShortestFrom(string start, ILookup<string, string> next)
    {
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        var queue = new Queue<string>([start]);
        while (queue.TryDequeue(out var part))
            foreach (var to in next[part].Where(to => before.TryAdd(to, part)))
            {
                if (to == start)
                    return Way(start, before);
                queue.Enqueue(to);
            }

        return null;
    }

    private static string Way(string start, Dictionary<string, string> before)
    {
        var way = new List<string> { start };
        for (var part = before[start]; part != start; part = before[part])
            way.Insert(0, part);
        return string.Join(" -> ", way.Prepend(start));
    }
}
