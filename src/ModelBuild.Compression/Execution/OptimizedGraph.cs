using Microsoft.ML.OnnxRuntime;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Gets the graph that ONNX Runtime runs after its optimizations.</summary>
internal static class OptimizedGraph
{
    /// <summary>Opens the model and returns the optimized graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isForThisProcessor">Whether the optimizations that depend on the vector width of the CPU are included.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static OnnxModel Of(OnnxModel model, bool isForThisProcessor = false)
    {
        // The optimized graph is written to a temporary folder, because ONNX Runtime can write it only to a file.
        var folder = Directory.CreateTempSubdirectory("modelbuild-");
        try
        {
            var path = Path.Combine(folder.FullName, "optimized.onnx");
            Sessions.SaveOptimized(model, path, isForThisProcessor);
            return OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
