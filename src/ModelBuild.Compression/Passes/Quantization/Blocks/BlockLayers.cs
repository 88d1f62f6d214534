using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>Collects the layers of the main graph that the pass has rewritten, for steps that make them better. Weights that several nodes share serve no one layer, and are not among them.</summary>
internal sealed class BlockLayers
{
    private readonly Graph _main;
    private readonly Dictionary<string, (NodeProto Node, int Position)> _sources = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, Func<QuantizedLayer>> _layers = [];

    /// <param name="reference">The model as it was before the first layer was quantized.</param>
    /// <param name="main">The model as it is.</param>
    public BlockLayers(OnnxModel reference, Graph main)
    {
        _main = main;
        var nodes = reference.Proto.Graph.Node;
        for (var i = 0; i < nodes.Count; i++)
            if (nodes[i].Output.Count > 0)
                _sources[nodes[i].Output[0]] = (nodes[i], i);
    }

    /// <summary>The layers in the order of the reference model's nodes, made when they are asked for.</summary>
    public IEnumerable<Func<QuantizedLayer>> InOrder() => _layers.Values;

    /// <summary>Adds a matrix product, unless it is in a branch, or an earlier step has changed what it is.</summary>
    public void Add(BlockProduct product, NodeProto made, ProductWriter.PackedProduct packed, bool balanced)
    {
        if (!ReferenceEquals(product.Scope, _main) || !_sources.TryGetValue(product.Node.Output[0], out var source) || source.Node.OpType != product.Node.OpType)
            return;
        // MatMulNBits can have a bias whether the product had one or not; the other form's Add, where there is one, stays as it is.
        var bias = packed.Tensors is NBitsTensors && ProductBias.Vector(_main, product.Node, product.Weights.Rows) is { } values
            ? new LayerBias(_main.Proto, made, ProductWriter.BiasInput, _main.FreshName($"{product.Node.Output[0]}_bias"), values)
            : null;
        Add(source, product.Node.Input[0], product.Weights, packed.Rule, balanced ? 1 : 0, packed.Tensors, bias);
    }

    private void Add(
        (NodeProto Node, int Position) source, string input, WeightMatrix weights, Layers.IGridRule rule, int balanced, IBlockTensors tensors, LayerBias? bias) =>
        _layers[source.Position] = () => new BlockLayer(
            source.Node, input, weights, EncodedWeights.Encode(weights, rule, balanced, CancellationToken.None), rule, tensors, bias);
}
