using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>Groups the nodes of a scope that are computed before a model runs. Nodes that read each other's values are one group.</summary>
internal static class ConnectedNodes
{
    /// <summary>Returns the groups of connected nodes. The nodes of each group are in topological order.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="isChosen">Returns whether a node is in a group. It gets the node and a test of whether a group computes a value.</param>
    public static IReadOnlyList<NodeProto[]> Of(Graph scope, Func<NodeProto, Predicate<string>, bool> isChosen)
    {
        var groups = new List<List<NodeProto>>();
        var groupOf = new Dictionary<string, List<NodeProto>>(StringComparer.Ordinal);
        foreach (var node in scope.Nodes)
        {
            if (!isChosen(node, groupOf.ContainsKey))
                continue;
            var group = new List<NodeProto>();
            foreach (var earlier in node.Input.Where(groupOf.ContainsKey).Select(value => groupOf[value]).Distinct().ToArray())
            {
                group.AddRange(earlier);
                groups.Remove(earlier);
            }

            group.Add(node);
            groups.Add(group);
            foreach (var value in group.SelectMany(member => member.Output).Where(value => value.Length > 0))
                groupOf[value] = group;
        }

        // The nodes of each group are in topological order, because a node is added only after the nodes that precede it.
        return [.. groups.Select(group => group.ToArray())];
    }
}
