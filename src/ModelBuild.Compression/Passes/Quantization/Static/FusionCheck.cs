using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Reads ONNX Runtime's own optimized graph to see which quantized nodes it really turned into integer operators.</summary>
internal static class FusionCheck
{
    /// <summary>The operators that the quantized nodes became, by the value that each gives; without an entry where the node still computes in float.</summary>
    /// <param name="model">The quantized model.</param>
    /// <param name="raw">Values that only a node left in float still makes, by the quantized value's name; a float result stands for itself.</param>
    public static IReadOnlyDictionary<string, string> Fused(OnnxModel model, IReadOnlyDictionary<string, string> raw)
    {
        var optimized = new Graph(OptimizedGraph.Of(model));
        var fused = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (value, made) in raw)
            if (Operator(optimized, value, made) is { } operation)
                fused[value] = operation;
        return fused;
    }

    private static string? Operator(Graph optimized, string value, string made)
    {
        var producer = optimized.Producer(made);
        if (value == made)
            return producer?.OpType is null or "MatMul" or "Gemm" or "FusedMatMul" or "FusedGemm" ? null : producer.OpType;
        if (producer is not null)
            return null;
        // The value's own DequantizeLinear may be gone as well, where every reader was fused.
        return optimized.Producer(value) is { OpType: "DequantizeLinear" } dequantize && optimized.Producer(dequantize.Input[0]) is { } node ? node.OpType : "fused";
    }
}
