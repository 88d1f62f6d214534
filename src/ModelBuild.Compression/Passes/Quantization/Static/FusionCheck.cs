using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Reads the graph that ONNX Runtime optimizes to find the quantized nodes that it fused into integer operators.</summary>
internal static class FusionCheck
{
    /// <summary>
    /// Returns the operator that each quantized node was fused into, by the name of the node. Nodes that still compute in float have no entry.
    /// </summary>
    /// <param name="model">The quantized model.</param>
    /// <param name="results">The outputs of its quantized nodes.</param>
    public static IReadOnlyDictionary<string, string?> Fused(OnnxModel model, IEnumerable<QuantizedResult> results)
    {
        var optimized = new Graph(OptimizedGraph.Of(model));
        var fused = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var result in results)
            if (Operator(optimized, result) is { } operation)
                fused[result.Node] = operation;
        return fused;
    }

    private static string? Operator(Graph optimized, QuantizedResult result)
    {
        var made = optimized.Producer(result.Made);
        if (result.Codes is null)
            return made is null || WeightedOperator.Find(made)?.Kind == WeightedKind.Product ? null : made.OpType;
        return made is null ? optimized.Producer(result.Codes)?.OpType ?? "integers" : null;
    }
}
