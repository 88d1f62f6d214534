using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>
/// Finds the layers that <c>prune</c> changes: Conv, ConvTranspose, Gemm and MatMul with float32 weights of their own. Two kinds stay dense unless the
/// recipe names them, since they hold next to nothing and
/// everything behind hangs on them: depthwise convolutions, and a first layer that holds less than a twentieth of all weights.
/// </summary>
internal sealed class PrunableLayers(PassContext context, PruneSettings settings, OnnxModel reference)
{
    private const double SmallFirstLayer = 0.05;

    /// <summary>The weights of all layers that are there, pruned or not.</summary>
    public long Weights { get; private set; }

    /// <summary>The layers, in the order of the graph; the report gets the others, with the reason.</summary>
    /// <param name="withBranches">Whether layers in subgraphs are wanted too.</param>
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
                : scope.Parent is not null && !withBranches ? "it is in a branch, where nothing is measured; method=magnitude prunes it"
                : isNamed ? candidate.WhyNot
                : Rule(layer, first) ?? candidate.WhyNot;
            if (why is not null)
                context.Report.Leave(DynamicLayer.Describe(layer.Node), why);
            else if (candidate!.Pattern.Share > 0)
                pruned.Add(candidate);
        }

        return pruned;
    }

    private FloatLayer? Create(Graph scope, NodeProto node, Graph original)
    {
        var layer = FloatLayer.TryCreate(scope, node, original, out var why);
        if (why is not null)
            context.Report.Leave(DynamicLayer.Describe(node), why);
        return layer;
    }

    private string? Rule(FloatLayer layer, HashSet<NodeProto> first) =>
        layer.Groups > 1 && layer.Inputs == WeightLayout.PatchOf(layer.Node, layer.WeightShape!)
            ? $"a depthwise convolution has {layer.Inputs} weights for each channel, and needs them"
        : first.Contains(layer.Node) && layer.Count < SmallFirstLayer * Weights ? "the first layer holds few weights, and everything behind hangs on it"
        : null;

    // Nodes of the main graph that no layer comes before.
    private static HashSet<NodeProto> FirstLayers(Graph main)
    {
        var behind = new HashSet<string>(StringComparer.Ordinal);
        var first = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        foreach (var node in main.Nodes)
        {
            var isBehind = node.Input.Any(behind.Contains);
            if (!isBehind)
                first.Add(node);
            if (isBehind || node.OpType is "Conv" or "ConvTranspose" or "Gemm" or "MatMul" or "Gather" or "LSTM" or "GRU" or "RNN")
                behind.UnionWith(node.Output);
        }

        return first;
    }
}
