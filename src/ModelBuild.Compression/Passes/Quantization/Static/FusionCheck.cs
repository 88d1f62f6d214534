using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Reads ONNX Runtime's own optimized graph to see which quantized nodes it really turned into integer operators.</summary>
internal static class FusionCheck
{
    /// <summary>The operators that quantized nodes became, by the nodes' names; without an entry where a node still computes in float.</summary>
    /// <param name="model">The quantized model.</param>
    /// <param name="results">What its quantized nodes give.</param>
    public static IReadOnlyDictionary<string, string> Fused(OnnxModel model, IEnumerable<QuantizedResult> results)
    {
        var optimized = new Graph(OptimizedGraph.Of(model));
        var fused = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var result in results)
            if (Operator(optimized, result) is { } operation)
                fused[result.Node] = operation;
        return fused;
    }

    private static string? Operator(Graph optimized, QuantizedResult result)
    {
        var made = optimized.Producer(result.Made)?.OpType;
        if (result.Codes is null)
            return made is null or "MatMul" or "Gemm" or "FusedMatMul" or "FusedGemm" ? null : made;
        return made is null ? optimized.Producer(result.Codes)?.OpType ?? "integers" : null;
    }
}
