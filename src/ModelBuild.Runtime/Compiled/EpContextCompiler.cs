using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Compiled;

/// <summary>
/// Compiles a model to a form that ONNX Runtime can load again: a model with EPContext nodes and the binary of the provider in a file beside it
/// (onnxruntime.ai, EP context design).
/// </summary>
internal static class EpContextCompiler
{
    public static unsafe void Compile(ModelSource source, SessionOptions options, string path)
    {
        using var compilation = new OrtModelCompilationOptions(options);
        // The bytes of the model are pinned, because ONNX Runtime reads them in place until the compilation ends.
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
