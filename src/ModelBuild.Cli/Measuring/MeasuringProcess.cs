using System.Globalization;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Measuring;

/// <summary>Measures models in a child process, so that the memory of the process is that of its models.</summary>
/// <param name="onnxRuntime">The folder of the ONNX Runtime that the command line names; null for none.</param>
internal sealed class MeasuringProcess(string? onnxRuntime)
{
    /// <summary>The name of the hidden command that measures models.</summary>
    public const string Command = "measure";

    private readonly ChildProcess _child = new(Command, onnxRuntime);

    /// <summary>Runs a request for measurements to its end.</summary>
    /// <exception cref="CompressionException">MB1048: the child process crashed; other codes: the child process reports an error.</exception>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public MeasureAnswer Run(MeasureRequest request, CancellationToken cancellationToken)
    {
        var end = _child.Run(JsonText.Of(request), ProcessLimits.None, cancellationToken);
        var answer = JsonText.TryRead<MeasureAnswer>(end.Output);
        if (answer?.Failure is { } failure)
            throw failure.ToException(cancellationToken);
        return answer ?? throw Crashed(end, request.Models);
    }

    private static CompressionException Crashed(ProcessEnd end, IReadOnlyList<string> models) =>
        new(
            Codes.MeasurementFailed,
            string.Create(CultureInfo.InvariantCulture, $"The process that ran the model ended with exit code {end.ExitCode} before it had measured")
                + (end.LastError is { } last ? $" ({last})" : "")
                + ". ONNX Runtime crashed, or memory was too small: try fewer rows with --batch, another --provider, or another --onnxruntime.",
            models.Count == 1 ? models[0] : null
        );
}
