using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>
/// Orders the nodes of a model so that the model can be cut into stages: each node stands where a path to the outputs first needs it. Outputs with the shortest
/// paths come first. Of the inputs of a node, the input with the longest path comes first. A side branch is therefore directly before the node that joins it,
/// and few values are alive at a time (after the numbering of Sethi and Ullman, 1970). Nodes that depend only on constants are not included, because every
/// stage that reads them gets a copy.
/// </summary>
internal static class NodeOrder
{
    // The random operators. Nodes with a random operator are not copied into several stages, because two copies would compute different numbers.
    private static readonly HashSet<string> Random = new(
        ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"],
        StringComparer.Ordinal
    );

    /// <summary>Returns the nodes that depend on inputs and that outputs depend on, in the order in which they are cut into stages.</summary>
    /// <param name="main">The main graph in topological order.</param>
    public static IReadOnlyList<ComputedNode> Of(Graph main)
    {
        var producers = Computed(main);
        var order = new List<ComputedNode>();
        var seen = new HashSet<int>();
        var stack = new Stack<(ComputedNode Node, Queue<ComputedNode> Needs)>();
        foreach (var output in Needed(main.Proto.Output.Select(output => output.Name)).OrderBy(node => node.Depth))
            Visit(output);
        return order;

        IEnumerable<ComputedNode> Needed(IEnumerable<string> values) => values.Where(producers.ContainsKey).Select(value => producers[value]);

        void Enter(ComputedNode node)
        {
            if (seen.Add(node.Index))
                stack.Push((node, new Queue<ComputedNode>(Needed(node.Reads).OrderByDescending(need => need.Depth))));
        }

        // The graph is visited with an explicit stack of nodes, because graphs may be deeper than the call stack.
        void Visit(ComputedNode last)
        {
            Enter(last);
            while (stack.TryPeek(out var top))
                if (top.Needs.TryDequeue(out var need))
                    Enter(need);
                else
                    order.Add(stack.Pop().Node);
        }
    }

    private static Dictionary<string, ComputedNode> Computed(Graph main)
    {
        var producers = new Dictionary<string, ComputedNode>(StringComparer.Ordinal);
        foreach (var (index, node) in main.Nodes.Index())
        {
            string[] reads =
            [
                .. CapturedValues.WithInputs(node).Where(value => producers.ContainsKey(value) || main.IsInput(value)).Distinct(StringComparer.Ordinal),
            ];
            if (reads.Length == 0 && !Draws(main, node))
                continue;
            var depth = 1 + reads.Max(value => producers.GetValueOrDefault(value)?.Depth) ?? 1;
            foreach (var output in node.Output.Where(output => output.Length > 0))
                producers.TryAdd(output, new ComputedNode(index, node, reads, depth));
        }

        return producers;
    }

    private static bool Draws(Graph scope, NodeProto node) =>
        Random.Contains(node.OpType) || scope.Subgraphs(node).Any(inner => inner.Nodes.Any(nested => Draws(inner, nested)));
}
