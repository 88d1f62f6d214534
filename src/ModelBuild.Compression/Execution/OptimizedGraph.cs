using Microsoft.ML.OnnxRuntime;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Gets the graph that ONNX Runtime runs after the optimizations that do not depend on the vector width of the CPU.</summary>
internal static class OptimizedGraph
{
    /// <summary>Opens the model and returns the optimized graph.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static OnnxModel Of(OnnxModel model)
    {
        // ONNX Runtime can write the optimized graph only to a file.
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
