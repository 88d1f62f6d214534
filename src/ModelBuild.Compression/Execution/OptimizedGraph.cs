using Microsoft.ML.OnnxRuntime;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>The graph that ONNX Runtime makes of a model, with the optimizations that do not depend on the processor's vector width.</summary>
internal static class OptimizedGraph
{
    /// <summary>Opens the model and reads back what ONNX Runtime would run.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the model.</exception>
    public static OnnxModel Of(OnnxModel model)
    {
        // ONNX Runtime writes the graph to a file and nowhere else.
        var folder = Directory.CreateTempSubdirectory("modelbuild-");
        try
        {
            var path = Path.Combine(folder.FullName, "optimized.onnx");
            Sessions.SaveOptimized(model, path);
            return OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
