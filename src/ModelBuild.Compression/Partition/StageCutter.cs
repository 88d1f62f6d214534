using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>
/// Creates the models of stages. A stage has its nodes and the constants and weights that they read (two stages may get copies of the same constant). Its
/// inputs are the needed inputs of the model and values from earlier stages. Its outputs are the outputs of the model that it computes and values for later
/// stages. Crossing values are declared with type and shape.
/// </summary>
/// <param name="main">The whole main graph.</param>
/// <param name="order">The computed nodes of the graph.</param>
/// <param name="values">The values that may cross.</param>
internal sealed class StageCutter(Graph main, IReadOnlyList<ComputedNode> order, IReadOnlyList<CrossingValue> values)
{
    private readonly HashSet<int> _computed = [.. order.Select(node => node.Index)];
    private readonly HashSet<string> _given = [.. order.SelectMany(node => node.Node.Output)];

    /// <summary>Creates the model of the stage with the nodes between two positions of the order.</summary>
    public OnnxModel Cut(int from, int to)
    {
        var nodes = order.Skip(from).Take(to - from).ToArray();
        var own = nodes.SelectMany(node => node.Node.Output).ToHashSet(StringComparer.Ordinal);
        // Returns whether the stage has an output of the model. The last stage also has the outputs that no computed node produces, which are constants and
        // inputs.
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
        // Graph inputs declare their types themselves, so the list of value types (value_info) must not repeat them.
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
