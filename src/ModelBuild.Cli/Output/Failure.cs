using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Output;

/// <summary>Represents an exception as a diagnostic.</summary>
/// <param name="Code">The diagnostic's code.</param>
/// <param name="File">The file that the diagnostic is about; null if that is the model.</param>
/// <param name="Text">The fault and its remedy.</param>
internal sealed record Failure(string Code, string? File, string Text)
{
    /// <summary>Gets whether the command line or the project uses an option, a step or a value that does not exist.</summary>
    public bool IsUsage => Code == Codes.UnknownOption;

    /// <summary>
    /// Returns the diagnostic of an exception. An unexpected exception is a defect of the program, and its text contains the position in the source code.
    /// </summary>
    public static Failure Of(Exception exception) =>
        exception switch
        {
            CompressionException known => new(known.Code, known.File, known.Message),
            OnnxException known => new(Faults.Code(known), known.File, Faults.Text(known)),
            OperationCanceledException => new(Codes.Cancelled, null, "The work was cancelled. No file was written."),
            FileNotFoundException { FileName: { } name } when name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal) => new(
                Codes.OnnxRuntimeMissing,
                null,
                "ONNX Runtime was not found. Reference the package Microsoft.ML.OnnxRuntime in any project and restore it, "
                    + "or name its folder with --onnxruntime."
            ),
            IOException or UnauthorizedAccessException => new(Codes.ModelUnreadable, null, exception.Message),
            _ => new(Codes.ProgramFailed, null, Defect.Text(exception)),
        };

    /// <summary>
    /// Returns the exception for a failure that a child process reports. For a cancelled child it is an <see cref="OperationCanceledException"/>, because
    /// Ctrl+C reaches a child as well, possibly before this process.
    /// </summary>
    public Exception ToException(CancellationToken cancellationToken) =>
        Code == Codes.Cancelled ? new OperationCanceledException(cancellationToken) : new CompressionException(Code, Text, File);
}
