using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Output;

/// <summary>Errors and warnings in MSBuild's canonical form, <c>FILE : error MB1003: text</c>, which terminals and editors make clickable.</summary>
internal static class Message
{
    /// <summary>The line for an exception. One that a user cannot mend is a defect, and its line says where it happened.</summary>
    public static string Describe(Exception exception, string model) =>
        exception switch
        {
            CompressionException known => Error(known.File ?? model, known.Code, known.Message),
            OnnxException known => Error(known.File ?? model, Faults.Code(known), Faults.Text(known)),
            OperationCanceledException => Error(model, Codes.Cancelled, "Cancelled; nothing was written."),
            FileNotFoundException { FileName: { } name } when name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal) => Error(
                model,
                Codes.OnnxRuntimeMissing,
                "ONNX Runtime was not found: reference the package Microsoft.ML.OnnxRuntime in any project and restore it, or name its folder with --onnxruntime."
            ),
            IOException or UnauthorizedAccessException => Error(model, Codes.ModelUnreadable, exception.Message),
            _ => Error(
                model,
                Codes.ProgramFailed,
                $"This is a defect of ModelBuild; please report it with this line. {exception.GetType().Name}: {exception.Message} {FirstFrame(exception)}"
            ),
        };

    private static string FirstFrame(Exception exception) => exception.StackTrace?.Split('\n')[0].Trim() ?? "";

    /// <summary>A warning's line.</summary>
    public static string Warning(string file, string code, string text) => Line(file, "warning", code, text);

    private static string Error(string file, string code, string text) => Line(file, "error", code, text);

    private static string Line(string file, string kind, string code, string text) => $"{file} : {kind} {code}: {text.ReplaceLineEndings(" ")}";
}
