namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>Estimates the memory of the values inside a part of a training graph while it runs.</summary>
internal static class LiveMemory
{
    /// <summary>
    /// Returns the largest number of bytes that are in memory together. A value is in memory from the node that computes it to the last one that reads it.
    /// Inputs and outputs of the part are not counted.
    /// </summary>
    public static long Peak(TrainingNodes graph, IReadOnlySet<int> nodes, IReadOnlySet<GraphValue> given, IReadOnlySet<GraphValue> outputs)
    {
        var order = ExecutionOrder.Of(graph, nodes);
        var last = new Dictionary<GraphValue, int>();
        foreach (var (time, index) in order.Index())
        foreach (var value in graph.Nodes[index].Reads.Concat(graph.Nodes[index].Writes))
            last[value.Storage] = time;
        var ends = last.ToLookup(pair => pair.Value, pair => pair.Key);
        bool IsCounted(GraphValue value) => value.Storage == value && !given.Contains(value) && !outputs.Contains(value);
        long live = 0,
            peak = 0;
        foreach (var (time, index) in order.Index())
        {
            live += graph.Nodes[index].Writes.Where(IsCounted).Sum(value => value.Bytes);
            peak = Math.Max(peak, live);
            live -= ends[time].Where(value => nodes.Contains(value.Producer) && IsCounted(value)).Sum(value => value.Bytes);
        }

        return peak;
    }
}
