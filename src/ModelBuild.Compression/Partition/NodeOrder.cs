using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>
/// The order in which a model is cut: nodes as they are first needed on the way to the outputs, the outputs that need least first, and of what one node needs the longest way first. So a side
/// branch stands right before the node that joins it, and little is alive at a time (after the numbering of Sethi and Ullman, 1970). What depends on constants alone is left out: it
/// goes wherever it is read.
/// </summary>
internal static class NodeOrder
{
    // They draw numbers, so that two copies of one would give two results.
    private static readonly HashSet<string> Random = new(
        ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"],
        StringComparer.Ordinal
    );

    /// <summary>The computed nodes on which outputs depend.</summary>
    /// <param name="main">The main graph, sorted.</param>
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

        // Graphs are deeper than the call stack.
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
