using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>
/// Finds the layers that <c>prune</c> changes: Conv, ConvTranspose, Gemm and MatMul with float32 weights that no other node reads. Depthwise convolutions,
/// and a first layer with less than a twentieth of all weights, stay dense unless the recipe names them: they hold few weights, and every later layer depends
/// on them.
/// </summary>
internal sealed class PrunableLayers(PassContext context, PruneSettings settings, OnnxModel reference)
{
    private const double SmallFirstLayer = 0.05;

    /// <summary>The number of weights of all layers, pruned or not.</summary>
    public long Weights { get; private set; }

    /// <summary>Returns the layers in the order of the graph. Skipped layers are added to the report with the reason.</summary>
    /// <param name="withBranches">Whether layers in subgraphs are included.</param>
    public IReadOnlyList<PrunedLayer> Find(bool withBranches)
    {
        var (main, original) = (new Graph(context.Model), new Graph(reference));
        var layers = main.SelfAndSubgraphs()
            .Zip(original.SelfAndSubgraphs())
            .SelectMany(scopes => scopes.First.Nodes.Select(node => (Scope: scopes.First, Layer: Create(scopes.First, node, scopes.Second))))
            .Where(found => found.Layer is not null)
            .ToArray();
        Weights = layers.Sum(found => (long)found.Layer!.Count);
        var first = FirstLayers(main);
        var pruned = new List<PrunedLayer>();
        foreach (var (scope, layer) in layers)
        {
            var pattern = settings.Of(layer!.Node, out var isNamed);
            var candidate = pattern is null ? null : new PrunedLayer(layer, pattern);
            var why =
                candidate is null ? "the recipe excludes it"
                : scope.Parent is not null && !withBranches ? "it is in a subgraph, where calibration measures nothing; method=magnitude prunes it"
                : isNamed ? candidate.WhyNot
                : Rule(layer, first) ?? candidate.WhyNot;
            if (why is not null)
                context.Report.Leave(NodeLabel.Of(layer.Node), why);
            else if (candidate!.Pattern.Share > 0)
                pruned.Add(candidate);
        }

        return pruned;
    }

    private FloatLayer? Create(Graph scope, NodeProto node, Graph original)
    {
        var layer = FloatLayer.TryCreate(scope, node, original, out var why);
        if (why is not null)
            context.Report.Leave(NodeLabel.Of(node), why.Text);
        return layer;
    }

    private string? Rule(FloatLayer layer, HashSet<NodeProto> first) =>
        layer.Groups > 1 && layer.Inputs == WeightLayout.PatchOf(layer.Node, layer.WeightShape!)
            ? $"a depthwise convolution has only {layer.Inputs} weights for each channel"
        : first.Contains(layer.Node) && layer.Count < SmallFirstLayer * Weights ? "the first layer has few weights, and its errors affect all other layers"
        : null;

    // Returns the nodes of the main graph that have no layer before them.
    private static HashSet<NodeProto> FirstLayers(Graph main)
    {
        var behind = new HashSet<string>(StringComparer.Ordinal);
        var first = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        foreach (var node in main.Nodes)
        {
            var isBehind = node.Input.Any(behind.Contains);
            if (!isBehind)
                first.Add(node);
            if (isBehind || node.IsStandard() && WeightedOperator.Find(node) is not null)
                behind.UnionWith(node.Output);
        }

        return first;
    }
}
