namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>
/// The order in which ONNX Runtime runs the nodes of a graph: a depth-first search from the nodes without readers, the last one first, along the inputs, of
/// which those of later nodes come first. A node runs after all of its inputs.
/// </summary>
internal static class ExecutionOrder
{
    /// <summary>Returns the indices of some nodes in the order in which they run.</summary>
    public static IReadOnlyList<int> Of(TrainingNodes graph, IReadOnlySet<int> part)
    {
        var order = new List<int>(part.Count);
        var (visited, stack) = (new HashSet<int>(), new Stack<(int Node, bool IsDone)>());
        foreach (var index in part.Order())
            if (!graph.Nodes[index].Writes.Any(value => value.Readers.Any(part.Contains)))
                stack.Push((index, false));
        while (stack.TryPop(out var next))
            if (next.IsDone)
                order.Add(next.Node);
            else if (visited.Add(next.Node))
            {
                stack.Push((next.Node, true));
                foreach (var producer in graph.Nodes[next.Node].Reads.Select(value => value.Producer).Where(part.Contains).Distinct().Order())
                    stack.Push((producer, false));
            }

        return order;
    }
}
