using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>Reports the layers with constant weights that the recovery steps skip, with the reason.</summary>
internal static class UnsolvedLayers
{
    /// <summary>Adds the layers that the recovery steps skip to the report.</summary>
    /// <param name="context">The context with the reference model and the solved layers.</param>
    public static void Report(PassContext context)
    {
        var main = new Graph(context.Layers.Reference!);
        // Layers are matched by the names of their outputs, which stay the same when steps clone the model.
        var solved = context.Layers.All.Select(layer => layer.Source.Output[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => IsLayer(scope, node) && !(ReferenceEquals(scope, main) && solved.Contains(node.Output[0]))))
            context.Report.Leave(
                NodeLabel.Of(node),
                ReferenceEquals(scope, main)
                    ? "no step before this one has quantized its weights in a form that can be solved again"
                    : "it is in a subgraph, where calibration measures nothing"
            );
    }

    private static bool IsLayer(Graph scope, NodeProto node) => WeightedOperator.FindLinear(node) is not null && scope.IsConstant(node.InputAt(1));
}
