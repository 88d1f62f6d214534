using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>Writes operators of ONNX Runtime that have an exact standard form as standard nodes (ONNX Runtime's contributed operators).</summary>
internal sealed class ContribOperators : IGraphRewrite
{
    // The rewrites by operator. Each function replaces the node and returns true, or leaves the node as it is and returns false.
    private static readonly Dictionary<string, Func<NodeWriter, bool>> Forms = new(StringComparer.Ordinal)
    {
        ["Gelu"] = ContribActivations.Gelu,
        ["BiasGelu"] = ContribActivations.BiasGelu,
        ["FastGelu"] = ContribActivations.FastGelu,
        ["QuickGelu"] = ContribActivations.QuickGelu,
        ["SkipLayerNormalization"] = ContribNormalizations.Skip,
        ["SkipSimplifiedLayerNormalization"] = ContribNormalizations.SkipSimplified,
        ["FusedMatMul"] = ContribProducts.MatMul,
        ["FusedConv"] = ContribProducts.Conv,
        ["FusedGemm"] = ContribProducts.Gemm,
        ["QuantizeLinear"] = ContribQuantization.Standard,
        ["DequantizeLinear"] = ContribQuantization.Standard,
        ["DynamicQuantizeMatMul"] = ContribQuantization.DynamicProduct,
        ["MatMulIntegerToFloat"] = ContribQuantization.ScaledProduct,
    };

    public string Effect => "operators of ONNX Runtime written as standard nodes";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var values = new Lazy<GraphValues>(() => new GraphValues(main));
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Form(node) is { } form && form(new NodeWriter(node, scope, values.Value)))
                count++;
        }

        return count;
    }

    // Returns the rewrite of a node's operator; null if there is none. SimplifiedLayerNormalization is an operator of ONNX Runtime, although it has the domain
    // of the ONNX standard.
    private static Func<NodeWriter, bool>? Form(NodeProto node) =>
        node.Is("SimplifiedLayerNormalization") ? ContribNormalizations.Simplified
        : node.Domain == Domains.Microsoft ? Forms.GetValueOrDefault(node.OpType)
        : null;
}
