using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Compiled;

/// <summary>
/// ONNX Runtime's way to keep what a provider compiled: a model whose nodes are EPContext, with the provider's binary beside it
/// (onnxruntime.ai, EP context design).
/// </summary>
internal static class EpContextCompiler
{
    public static unsafe void Compile(ModelSource source, SessionOptions options, string path)
    {
        using var compilation = new OrtModelCompilationOptions(options);
        // ONNX Runtime reads the bytes where they are until it is done.
        fixed (byte* pinned = source.Bytes)
        {
            if (source.Path is { } file)
                compilation.SetInputModelPath(file);
            else
                compilation.SetInputModelFromBuffer(source.Bytes);
            compilation.SetOutputModelPath(path);
            compilation.SetEpContextEmbedMode(false);
            compilation.SetFlags(OrtCompileApiFlags.ERROR_IF_NO_NODES_COMPILED);
            compilation.CompileModel();
        }
    }
}
