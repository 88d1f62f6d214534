using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// Collects the layers of the main graph that the pass has rewritten, for later steps that improve them. Weights with several readers are not collected,
/// because a change for one layer would change the others.
/// </summary>
internal sealed class BlockLayers
{
    private readonly Graph _main;
    private readonly Dictionary<string, (NodeProto Node, int Position)> _sources = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, Func<QuantizedLayer>> _layers = [];

    /// <param name="reference">The model before the first layer was quantized.</param>
    /// <param name="main">The main graph of the present model.</param>
    public BlockLayers(OnnxModel reference, Graph main)
    {
        _main = main;
        var nodes = reference.Proto.Graph.Node;
        for (var i = 0; i < nodes.Count; i++)
            if (nodes[i].Output.Count > 0)
                _sources[nodes[i].Output[0]] = (nodes[i], i);
    }

    /// <summary>Returns functions that create the collected layers, in the order of the reference model's nodes.</summary>
    public IEnumerable<Func<QuantizedLayer>> InOrder() => _layers.Values;

    /// <summary>Adds a matrix product, unless it is in a branch, or an earlier step has changed the weights of its layer.</summary>
    public void Add(BlockProduct product, NodeProto made, ProductWriter.PackedProduct packed, bool balanced)
    {
        if (
            !ReferenceEquals(product.Scope, _main)
            || !_sources.TryGetValue(product.Node.Output[0], out var source)
            || source.Node.OpType != product.Node.OpType
        )
            return;
        // MatMulNBits can get a bias even if the product had none. If the weights are a DequantizeLinear instead, an Add of the bias stays as it is.
        var bias =
            packed.Tensors is NBitsTensors && ProductBias.Vector(_main, product.Node, product.Weights.Rows) is { } values
                ? new LayerBias(_main.Proto, made, ProductWriter.BiasInput, _main.FreshName($"{product.Node.Output[0]}_bias"), values)
                : null;
        Add(source, product.Node.Input[0], product.Weights, packed.Rule, balanced ? 1 : 0, packed.Tensors, bias);
    }

    /// <summary>Adds a stored weight of a Conv, ConvTranspose, Gemm or MatMul, if it has the layout of the layer.</summary>
    public void Add(ValueUse use, StoredLayout layout, IGridRule rule, int balanced, IBlockTensors tensors)
    {
        var node = use.Node;
        if (
            !ReferenceEquals(use.Graph, _main)
            || use.Index != 1
            || !IsSolvable(node)
            || layout.Weights.Outer > 1
            || !_sources.TryGetValue(node.Output[0], out var source)
            || source.Node.OpType != node.OpType
            || WeightedOperator.Of(node).Alpha(node) != 1
            || WeightedOperator.Of(node).IsInputTransposed(node)
        )
            return;
        var values = StoredBias(node, layout.Weights.Rows);
        if (values is null && WeightedOperator.Of(node).BiasInput is not null)
            return;
        var bias = values is not null ? new LayerBias(_main.Proto, node, 2, _main.FreshName($"{node.Output[0]}_bias"), values) : null;
        Add(source, node.Input[0], layout.Weights, rule, balanced, tensors, bias);
    }

    // Returns whether the weights of a node can be solved row by row. The groups of a ConvTranspose share scales, so its output channels are not independent
    // rows.
    private static bool IsSolvable(NodeProto node) =>
        WeightedOperator.FindLinear(node) is { } found && (found.Kind != WeightedKind.TransposedConvolution || found.Groups(node) == 1);

    // Returns the constant bias of a layer. The result is null if the bias is computed or the operator has no bias input, and zeros for a convolution without a
    // bias.
    private float[]? StoredBias(NodeProto node, int outputs) =>
        WeightedOperator.FindLinear(node) switch
        {
            { IsConvolution: true, BiasInput: { } input } when node.InputAt(input).Length == 0 => new float[outputs],
            { IsConvolution: true, BiasInput: { } input } => _main.TryGetConstant(node.Input[input], out var tensor) ? tensor.ToFloats() : null,
            { BiasInput: not null } found when found.Beta(node) == 1 => ProductBias.Vector(_main, node, outputs),
            _ => null,
        };

    private void Add(
        (NodeProto Node, int Position) source,
        string input,
        WeightMatrix weights,
        IGridRule rule,
        int balanced,
        IBlockTensors tensors,
        LayerBias? bias
    ) =>
        _layers[source.Position] = () =>
            new BlockLayer(source.Node, input, weights, EncodedWeights.Encode(weights, rule, balanced, CancellationToken.None), rule, tensors, bias);
}
