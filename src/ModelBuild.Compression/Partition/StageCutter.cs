using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>
/// Writes stages as models of their own. A stage has its nodes, the constants and weights behind them (those that two stages need go to both), as inputs the model's own that it needs and what
/// earlier stages hand to it, as outputs the model's own that it gives and what later stages need. What crosses is declared with its type and sizes.
/// </summary>
/// <param name="main">The whole main graph.</param>
/// <param name="order">Its computed nodes.</param>
/// <param name="values">What they hand to each other.</param>
internal sealed class StageCutter(Graph main, IReadOnlyList<ComputedNode> order, IReadOnlyList<CrossingValue> values)
{
    private readonly HashSet<int> _computed = [.. order.Select(node => node.Index)];
    private readonly HashSet<string> _given = [.. order.SelectMany(node => node.Node.Output)];

    /// <summary>The model of the nodes from one place in the order to another.</summary>
    public OnnxModel Cut(int from, int to)
    {
        var nodes = order.Skip(from).Take(to - from).ToArray();
        var own = nodes.SelectMany(node => node.Node.Output).ToHashSet(StringComparer.Ordinal);
        // What depends on no node in the order, constants and inputs that are outputs as well, comes with the last stage.
        bool Gives(string output) => own.Contains(output) || (to == order.Count && !_given.Contains(output));
        var reads = nodes
            .SelectMany(node => node.Reads)
            .Concat(main.Proto.Output.Select(output => output.Name).Where(Gives))
            .Where(value => !own.Contains(value))
            .ToHashSet(StringComparer.Ordinal);

        var copy = main.Model.Clone();
        var graph = copy.Proto.Graph;
        var kept = nodes.Select(node => node.Index).ToHashSet();
        Replace(graph.Node, graph.Node.Where((_, index) => kept.Contains(index) || !_computed.Contains(index)));
        Replace(
            graph.Input,
            graph
                .Input.Where(input => reads.Contains(input.Name))
                .Concat(values.Where(value => value.Born < from && reads.Contains(value.Name)).Select(Declare))
        );
        var outputs = graph.Output.Where(output => Gives(output.Name)).ToArray();
        var declared = outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        Replace(graph.Output, outputs.Concat(values.Where(value => value.Born >= from && value.Crosses(to) && !declared.Contains(value.Name)).Select(Declare)));
        Trim(copy);
        return copy;
    }

    private static void Trim(OnnxModel stage)
    {
        var scope = new Graph(stage);
        new DeadCodeElimination().Apply(scope, CancellationToken.None);
        var sparse = scope.Proto.SparseInitializer;
        Replace(sparse, sparse.Where(tensor => scope.Consumers(tensor.Values.Name).Count > 0 || scope.IsOutputAnywhere(tensor.Values.Name)));
        scope.RemoveStaleInfo();
        // Descriptions of inputs stand with the inputs.
        var inputs = scope.Proto.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        Replace(scope.Proto.ValueInfo, scope.Proto.ValueInfo.Where(info => !inputs.Contains(info.Name)));
    }

    private static ValueInfoProto Declare(CrossingValue value)
    {
        var info = value.Declared!.Declare(value.Name);
        foreach (var (size, symbol) in (info.Type.TensorType.Shape?.Dim ?? []).Zip(value.Declared.Symbols))
            if (size.ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && symbol.Length > 0)
                size.DimParam = symbol;
        return info;
    }

    private static void Replace<T>(ICollection<T> items, IEnumerable<T> with)
    {
        T[] kept = [.. with];
        items.Clear();
        foreach (var item in kept)
            items.Add(item);
    }
}
