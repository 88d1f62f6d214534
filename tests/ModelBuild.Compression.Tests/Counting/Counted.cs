using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Counting;

/// <summary>Counts the operations and weights of models, both as they are and after ONNX Runtime's own optimizations.</summary>
internal static class Counted
{
    public static ModelCost Of(OnnxModel model) => Meter(model).Original;

    public static CostMeter Meter(OnnxModel model) => new(model, SignatureReader.Read(model), sample: null);

    /// <summary>Returns the graph that ONNX Runtime runs, with its integer operators and fused operators.</summary>
    public static OnnxModel Fused(OnnxModel model)
    {
        using var folder = new TemporaryFolder();
        Sessions.SaveOptimized(model, folder.File("fused.onnx"));
        return OnnxModel.Load(folder.File("fused.onnx"));
    }
}
