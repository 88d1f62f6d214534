using System.Globalization;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Cli.Tuning;

/// <summary>Runs a task of a study in a child process, so that a crash of ONNX Runtime, or too little memory, costs one trial.</summary>
/// <param name="onnxRuntime">The folder of the ONNX Runtime that the command line names; null for none.</param>
/// <param name="limits">The limits of each task.</param>
/// <param name="temporaryFolder">The folder of the temporary files of a task.</param>
internal sealed class TrialProcess(string? onnxRuntime, ProcessLimits limits, string temporaryFolder)
{
    /// <summary>The name of the command that runs a task.</summary>
    public const string Command = "trial";

    private readonly ChildProcess _child = new(Command, onnxRuntime, temporaryFolder);

    /// <summary>Runs a task.</summary>
    /// <returns>The outcome. A task that crashed or exceeded a limit has a failure.</returns>
    /// <exception cref="CompressionException">The task cannot be done with this model or its data.</exception>
    /// <exception cref="OperationCanceledException">The task was cancelled.</exception>
    public StudyOutcome Run(TrialRequest request, CancellationToken cancellationToken)
    {
        var end = _child.Run(JsonText.Of(request), limits, cancellationToken);
        if (end.Exceeded is { } exceeded)
            return Failed(exceeded);
        var answer = JsonText.TryRead<TrialAnswer>(end.Output);
        if (answer?.Outcome is { } outcome)
            return outcome;
        if (answer?.Failure is { } failure)
            throw failure.ToException(cancellationToken);
        return Failed(
            string.Create(CultureInfo.InvariantCulture, $"its process crashed with exit code {end.ExitCode}") + (end.LastError is { } last ? $" ({last})" : "")
        );
    }

    private static StudyOutcome Failed(string why) => new() { Failure = why };
}
