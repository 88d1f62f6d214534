namespace ModelBuild.Onnx;

/// <content>Contains the topological sort.</content>
internal sealed partial class Graph
{
    /// <summary>
    /// Sorts the nodes of this scope and its subgraphs so that each node comes after those whose outputs it reads, including captured values. The sort is
    /// stable.
    /// </summary>
    /// <exception cref="OnnxException">Nodes depend on each other in a cycle.</exception>
    public void SortTopologically()
    {
        foreach (var graph in SelfAndSubgraphs().ToArray())
            graph.SortOwn();
    }

    private void SortOwn()
    {
        var nodes = Proto.Node.ToArray();
        var order = new Dictionary<NodeProto, int>(nodes.Length, ReferenceEqualityComparer.Instance);
        for (var i = 0; i < nodes.Length; i++)
            order[nodes[i]] = i;
        var followers = new List<int>[nodes.Length];
        var waiting = new int[nodes.Length];
        foreach (var (value, definition) in _definitions)
        {
            if (definition.Producer is not { } producer)
                continue;
            var from = order[producer];
            foreach (var reader in Readers(value))
            {
                (followers[from] ??= []).Add(order[reader]);
                waiting[order[reader]]++;
            }
        }

        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < nodes.Length; i++)
            if (waiting[i] == 0)
                ready.Enqueue(i, i);
        var sorted = new List<NodeProto>(nodes.Length);
        while (ready.TryDequeue(out var next, out _))
        {
            sorted.Add(nodes[next]);
            foreach (var follower in followers[next] ?? [])
                if (--waiting[follower] == 0)
                    ready.Enqueue(follower, follower);
        }

        if (sorted.Count < nodes.Length)
        {
            var stuck = nodes[Array.FindIndex(waiting, static count => count > 0)];
            throw new OnnxException(
                OnnxFault.Cycle,
                $"nodes depend on each other in a cycle, which contains or precedes the node '{Text.Short(stuck.Name)}' ({Text.Short(stuck.OpType)})",
                Model.Path
            );
        }

        Proto.Node.Clear();
        Proto.Node.AddRange(sorted);
    }

    /// <summary>Returns the nodes of this scope that read a value of it, directly or in their subgraphs.</summary>
    private IEnumerable<NodeProto> Readers(string value)
    {
        foreach (var use in Consumers(value))
            yield return ReferenceEquals(use.Graph, this) ? use.Node : OwnerHere(use.Graph);
        foreach (var graph in _outputs.GetValueOrDefault(value) ?? [])
            if (!ReferenceEquals(graph, this) && graph.ResolvesTo(value, this))
                yield return OwnerHere(graph);
    }

    private NodeProto OwnerHere(Graph inner)
    {
        while (!ReferenceEquals(inner.Parent, this))
            inner = inner.Parent!;
        return inner.Owner!;
    }
}
