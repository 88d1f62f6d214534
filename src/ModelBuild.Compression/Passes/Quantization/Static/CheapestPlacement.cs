using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Chooses the nodes that compute in integers, among those that can, so that the graph has the least cost: a minimum cut. Each node has a cost in float and
/// in int8, each value between a float and an integer node has the cost of its conversion, and each change of layout has the cost of moving the elements.
/// </summary>
/// <param name="main">The optimized float graph.</param>
/// <param name="rules">The quantization rules of operators.</param>
/// <param name="candidates">The nodes that can compute in integers.</param>
/// <param name="costs">The costs of nodes and conversions.</param>
internal sealed class CheapestPlacement(Graph main, OperatorRules rules, IReadOnlySet<NodeProto> candidates, NodeCosts costs)
{
    private readonly MinimumCut _network = new();
    private readonly Dictionary<NodeProto, int> _nodes = [];

    // For each node, the vertex of the flow network that stands for the layout of the node's output. On the integer side of the cut, the channels are the last
    // dimension, as integer convolutions compute them.
    private readonly Dictionary<NodeProto, int> _channelsLast = [];

    /// <summary>The saved cost compared with all candidates in float; 0 before the search.</summary>
    public long Saved { get; private set; }

    /// <summary>Returns the nodes that compute in integers in the placement with the least cost.</summary>
    public IReadOnlySet<NodeProto> Find()
    {
        foreach (var node in main.Nodes.Where(candidates.Contains))
            Add(node);
        foreach (var value in _nodes.Keys.SelectMany(node => Operands(node).Concat(node.Output)).Distinct())
            AddBorders(value);
        var side = _network.Solve();
        Saved = _nodes.Keys.Sum(node => costs.Float(node, rules.Role(node))) - _network.Cost;
        return _nodes.Where(node => side[node.Value]).Select(node => node.Key).ToHashSet();
    }

    private void Add(NodeProto node)
    {
        var role = rules.Role(node);
        var vertex = _nodes[node] = _network.AddVertex();
        _network.AddCost(MinimumCut.Source, vertex, costs.Float(node, role));
        _network.AddCost(vertex, MinimumCut.Sink, costs.Integer(node, role));
        if (role == QuantizedRole.Clamp)
        {
            // A clamp in integers is a part of the quantization of the layer before it. A clamp in float keeps ONNX Runtime from fusing a layer in integers
            // that only the clamp reads.
            var layer = Producer(node.Input[0]);
            _network.AddCost(vertex, layer, MinimumCut.Forbidden);
            if (main.Consumers(node.Input[0]).Count == 1)
                _network.AddCost(layer, vertex, MinimumCut.Forbidden);
        }

        AddLayout(node, vertex);
    }

    // Propagates the layout of convolutions through a node that keeps the channels on one axis, if all operands have the same layout.
    private void AddLayout(NodeProto node, int vertex)
    {
        if (WeightedOperator.LinearKind(node) == WeightedKind.Convolution)
            _channelsLast[node] = vertex;
        if (
            rules.Role(node) == QuantizedRole.Layer
            || node.OpType is "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Transpose" or "DepthToSpace" or "Expand" or "Gather"
        )
            return;
        int[] operands =
        [
            .. Operands(node)
                .Select(operand => main.Producer(operand) is { } producer ? _channelsLast.GetValueOrDefault(producer, MinimumCut.Sink) : MinimumCut.Sink),
        ];
        var layout = _network.AddVertex();
        _network.AddCost(layout, vertex, MinimumCut.Forbidden);
        foreach (var operand in operands)
            _network.AddCost(layout, operand, MinimumCut.Forbidden);
        _network.AddCost(vertex, layout, costs.ChannelsFirst(node));
        if (operands.Any(operand => operand != MinimumCut.Sink))
            _channelsLast[node] = layout;
    }

    // Adds the cost of converting a value, which is converted once for all readers. A separate vertex stands between the producer of the value and all readers
    // of the other kind.
    private void AddBorders(string value)
    {
        var producer = Producer(value);
        var readers = main.Consumers(value)
            .Select(use => IsOperand(use) ? _nodes[use.Node] : MinimumCut.Sink)
            .Concat(main.IsOutputAnywhere(value) ? [MinimumCut.Sink] : [])
            .Distinct()
            .ToArray();
        var quantized = _network.AddVertex();
        _network.AddCost(quantized, producer, costs.Quantize(value) + (IsPooledInIntegers(value, readers) ? costs.ChannelsFirst(main.Producer(value)!) : 0));
        foreach (var reader in readers)
            _network.AddCost(reader, quantized, MinimumCut.Forbidden);
        if (producer == MinimumCut.Sink)
            return;
        var dequantized = _network.AddVertex();
        _network.AddCost(producer, dequantized, WeightedOperator.IsLinearProduct(main.Producer(value)!) ? 0 : costs.Dequantize(value));
        foreach (var reader in readers)
            _network.AddCost(dequantized, reader, MinimumCut.Forbidden);
    }

    // Returns whether ONNX Runtime would move a QuantizeLinear of the value to before the MaxPool that computes it. The MaxPool then runs in integers, but its
    // channels stay before its pixels if the node before it computes in float.
    private bool IsPooledInIntegers(string value, int[] readers) =>
        main.Producer(value) is { OpType: "MaxPool" } pool && candidates.Contains(pool) && !readers.Contains(MinimumCut.Sink);

    private int Producer(string value) => main.Producer(value) is { } node && _nodes.TryGetValue(node, out var vertex) ? vertex : MinimumCut.Sink;

    private bool IsOperand(ValueUse use) =>
        ReferenceEquals(use.Graph, main) && _nodes.ContainsKey(use.Node) && OperatorRules.Activations(use.Node).Contains(use.Index);

    // Returns the inputs that are computed in each call. ONNX Runtime computes values that depend on constants alone when it loads the model.
    private IEnumerable<string> Operands(NodeProto node) =>
        OperatorRules
            .Activations(node)
            .Select(index => node.Input[index])
            .Where(value => !main.IsConstant(value) && main.Producer(value)?.Input.All(main.IsConstant) != true);
}
