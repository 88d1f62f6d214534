using ModelBuild.Runtime;
using ModelBuild.Serving.Models;

namespace ModelBuild.Server;

/// <summary>Converts an exception that occurs before the server listens to a diagnostic of the program.</summary>
internal static class ServerFailure
{
    /// <summary>Returns the diagnostic for an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="model">The path of the model that was being opened; null if no model was.</param>
    public static ServeFailure Of(Exception exception, string? model) =>
        exception switch
        {
            ModelProviderException => new ServeFailure(
                Codes.OnnxRuntimeMissing,
                model,
                $"{exception.Message.TrimEnd('.')}. Name one that has it with --onnxruntime."
            ),
            _ when Cause(exception) is { } cause => new ServeFailure(
                Codes.OnnxRuntimeMissing,
                null,
                $"ONNX Runtime cannot be loaded ({cause.Message.ReplaceLineEndings(" ")}): reference the package Microsoft.ML.OnnxRuntime in the project, "
                    + "or name its folder with --onnxruntime."
            ),
            _ when ServedModel.IsUnusable(exception) => new ServeFailure(Codes.ModelUnreadable, model, exception.Message),
            _ => new ServeFailure(Codes.ProgramFailed, null, Defect.Text(exception)),
        };

    /// <summary>Returns the exception that states why a library of ONNX Runtime does not load; null if the exception has another cause.</summary>
    private static Exception? Cause(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (
                cause is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
                || cause is FileNotFoundException { FileName: { } name } && name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal)
            )
                return cause;
        return null;
    }
}
