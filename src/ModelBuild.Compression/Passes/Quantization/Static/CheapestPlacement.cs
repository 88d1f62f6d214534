using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Which of the nodes that can compute in integers should, so that the graph costs least: a minimum cut. Each node costs what it takes in float or in int8, each value that crosses
/// from one to the other its conversion, and each change of layout what it takes to move the elements.
/// </summary>
/// <param name="main">The optimized float graph.</param>
/// <param name="rules">What nodes do with quantized values.</param>
/// <param name="candidates">The nodes that can compute in integers.</param>
/// <param name="costs">What they cost.</param>
internal sealed class CheapestPlacement(Graph main, OperatorRules rules, IReadOnlySet<NodeProto> candidates, NodeCosts costs)
{
    private readonly MinimumCut _network = new();
    private readonly Dictionary<NodeProto, int> _nodes = [];

    // Whether what a node gives has its channels last, as integer convolutions leave it.
    private readonly Dictionary<NodeProto, int> _channelsLast = [];

    /// <summary>What the candidates cost less, once it is found, than all in float.</summary>
    public long Saved { get; private set; }

    /// <summary>Finds the nodes that compute in integers.</summary>
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
            _network.AddCost(vertex, Producer(node.Input[0]), MinimumCut.Forbidden);
        AddLayout(node, vertex);
    }

    // The layout of convolutions goes through nodes that keep the channels apart, as long as no operand comes in another one.
    private void AddLayout(NodeProto node, int vertex)
    {
        if (node.OpType == "Conv")
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

    // A value is converted once, however many read it: a vertex of its own stands between its producer and all readers of the other kind.
    private void AddBorders(string value)
    {
        var producer = Producer(value);
        var readers = main.Consumers(value)
            .Select(use => IsOperand(use) ? _nodes[use.Node] : MinimumCut.Sink)
            .Concat(main.IsOutputAnywhere(value) ? [MinimumCut.Sink] : [])
            .Distinct()
            .ToArray();
        var quantized = _network.AddVertex();
        _network.AddCost(quantized, producer, costs.Quantize(value));
        foreach (var reader in readers)
            _network.AddCost(reader, quantized, MinimumCut.Forbidden);
        if (producer == MinimumCut.Sink)
            return;
        var dequantized = _network.AddVertex();
        _network.AddCost(producer, dequantized, main.Producer(value)!.OpType is "MatMul" or "Gemm" ? 0 : costs.Dequantize(value));
        foreach (var reader in readers)
            _network.AddCost(dequantized, reader, MinimumCut.Forbidden);
    }

    private int Producer(string value) => main.Producer(value) is { } node && _nodes.TryGetValue(node, out var vertex) ? vertex : MinimumCut.Sink;

    private bool IsOperand(ValueUse use) =>
        ReferenceEquals(use.Graph, main) && _nodes.ContainsKey(use.Node) && OperatorRules.Activations(use.Node).Contains(use.Index);

    // What is computed from constants alone, ONNX Runtime computes once, as it loads.
    private IEnumerable<string> Operands(NodeProto node) =>
        OperatorRules
            .Activations(node)
            .Select(index => node.Input[index])
            .Where(value => !main.IsConstant(value) && main.Producer(value)?.Input.All(main.IsConstant) != true);
}
