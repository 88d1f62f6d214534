using System.Globalization;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Divides a long list of nodes into groups: by the paths in their names, or by their positions if the names have no paths.</summary>
internal static class GraphGroups
{
    private const int MaxTogether = 60;
    private const int MinGroups = 3;
    private const int MaxGroups = 40;
    private const int MaxDepth = 8;
    private const int Positions = 50;

    /// <summary>Returns the groups of a list of nodes in the order of the nodes; one group if there are few nodes.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<GraphNodeFacts> Nodes)> Of(IReadOnlyList<GraphNodeFacts> nodes)
    {
        if (nodes.Count <= MaxTogether)
            return [("", nodes)];
        for (var depth = MaxDepth; depth > 0; depth--)
            if (ByPath(nodes, depth) is { Count: >= MinGroups and <= MaxGroups } groups)
                return groups;
        return
        [
            .. nodes
                .Chunk(Positions)
                .Select(
                    (chunk, i) =>
                        (
                            string.Create(CultureInfo.InvariantCulture, $"{(i * Positions) + 1}–{(i * Positions) + chunk.Length}"),
                            (IReadOnlyList<GraphNodeFacts>)chunk
                        )
                ),
        ];
    }

    private static List<(string Name, IReadOnlyList<GraphNodeFacts> Nodes)> ByPath(IReadOnlyList<GraphNodeFacts> nodes, int depth)
    {
        var groups = new List<(string Name, IReadOnlyList<GraphNodeFacts> Nodes)>();
        var current = new List<GraphNodeFacts>();
        foreach (var node in nodes)
        {
            var path = Path(node.Name, depth);
            if (groups.Count == 0 || groups[^1].Name != path)
                groups.Add((path, current = []));
            current.Add(node);
        }

        return groups;
    }

    private static string Path(string name, int depth)
    {
        var parts = name.Split('/');
        return string.Join('/', parts.Take(Math.Min(depth + 1, parts.Length - 1)));
    }
}
