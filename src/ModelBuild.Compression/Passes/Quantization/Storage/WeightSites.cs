using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// Finds the weights of a model in all scopes: the constant float32 operands of Conv, ConvTranspose, Gemm, MatMul, Gather, LSTM, GRU and RNN, and the
/// constants that reach such an operand only through nodes that move elements (the gates of an LSTM in another order, an embedding that is transposed for the
/// last layer). A weight that several operators share is found once, with the channels of its first use.
/// </summary>
internal static class WeightSites
{
    /// <summary>Returns the weights in the order of their first use; weights that are operands themselves come before weights that nodes move first.</summary>
    public static IReadOnlyList<WeightSite> Find(Graph main)
    {
        var readers = new Dictionary<Value, List<NodeProto>>();
        var sites = new List<WeightSite>();
        var moved = new List<Value>();
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes)
        foreach (var (index, channels) in Operands(node))
        {
            if (
                node.InputAt(index) is not { Length: > 0 } name
                || scope.ScopeOf(name) is not { } owner
                || !Read(new Value(owner, name), WithOwners(scope, node), readers)
            )
                continue;
            if (!scope.TryGetConstant(name, out var tensor))
                moved.Add(new Value(owner, name));
            else if (IsWeight(tensor))
                sites.Add(new WeightSite(owner, name, tensor, channels(tensor.Dims.Count), readers[new Value(owner, name)]));
        }

        foreach (var value in moved)
            Follow(value, readers, sites);
        return sites;
    }

    private readonly record struct Value(Graph Scope, string Name);

    // Adds nodes to the readers of a value. Returns whether the value had no readers before.
    private static bool Read(Value value, IEnumerable<NodeProto> nodes, Dictionary<Value, List<NodeProto>> readers)
    {
        var isFirst = !readers.TryGetValue(value, out var known);
        if (isFirst)
            readers[value] = known = [];
        known!.AddRange(nodes);
        return isFirst;
    }

    private static IEnumerable<NodeProto> WithOwners(Graph scope, NodeProto node)
    {
        yield return node;
        for (var outer = scope; outer.Owner is { } owner; outer = outer.Parent!)
            yield return owner;
    }

    private static bool IsWeight(TensorProto tensor) => tensor.DataType == (int)TensorProto.Types.DataType.Float && tensor.Dims.Count > 0;

    // Searches backwards from an operand of a node for the constants from which it is computed, and adds their readers.
    private static void Follow(Value value, Dictionary<Value, List<NodeProto>> readers, List<WeightSite> sites)
    {
        if (value.Scope.Producer(value.Name) is not { } node || !node.IsStandard())
            return;
        IEnumerable<string> sources = node.OpType switch
        {
            "Concat" => node.Input,
            "Flatten" or "Identity" or "Reshape" or "Slice" or "Split" or "Squeeze" or "Transpose" or "Unsqueeze" => node.Input.Take(1),
            _ => [],
        };
        foreach (var name in sources)
        {
            if (value.Scope.ScopeOf(name) is not { } owner || !Read(new Value(owner, name), readers[value], readers))
                continue;
            if (!owner.TryGetConstant(name, out var tensor))
                Follow(new Value(owner, name), readers, sites);
            else if (IsWeight(tensor))
                sites.Add(new WeightSite(owner, name, tensor, AllButLast(tensor.Dims.Count), readers[new Value(owner, name)]));
        }
    }

    // Returns the inputs of a node that are weights, and for each the axes along which every output channel has its own elements.
    private static IEnumerable<(int Input, Func<int, bool[]> Channels)> Operands(NodeProto node)
    {
        if (!node.IsStandard() || WeightedOperator.Find(node) is not { } found)
            yield break;
        // In a matrix product, the first operand may be the constant one.
        if (found.Kind == WeightedKind.Product)
            yield return (found.ActivationInput, AllButLast);
        yield return (found.WeightInput, rank => found.OwnAxes(node, rank));
        if (found.RecurrenceInput is { } recurrence)
            yield return (recurrence, AllButLast);
    }

    private static bool[] AllButLast(int rank) => [.. Enumerable.Range(0, rank).Select(axis => axis != rank - 1)];
}
