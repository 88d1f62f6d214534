using System.Globalization;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Cli.Tuning;

/// <summary>Runs a task of a study in a child process, so that a crash of ONNX Runtime or a lack of memory affects only one trial.</summary>
/// <param name="onnxRuntime">The folder of the ONNX Runtime that the command line names; null for none.</param>
/// <param name="limits">The limits of each task.</param>
internal sealed class TrialProcess(string? onnxRuntime, ProcessLimits limits) : ITaskRunner
{
    /// <summary>The name of the hidden command that runs a task.</summary>
    public const string Command = "trial";

    // The exit codes of a process that a signal ended: 130 after SIGINT (Ctrl+C), and 143 after SIGTERM. Both signals reach the child process before this
    // process, or together with it.
    private const int InterruptedExit = 130;
    private const int TerminatedExit = 143;

    // The exit code after SIGKILL, by which Linux ends a process when memory is short. A crash of ONNX Runtime has another signal.
    private const int KilledExit = 137;

    /// <inheritdoc/>
    public TrialAnswer? Run(StudySettings settings, StudyTask task, WorkFolder work, CancellationToken cancellationToken)
    {
        var request = JsonText.Of(Request(settings, task, work));
        var end = new ChildProcess(Command, onnxRuntime, work.Path).Run(request, limits, cancellationToken);
        if (end.Exceeded is { } exceeded)
            return Failed(exceeded);
        if (end.ExitCode is InterruptedExit or TerminatedExit)
            throw new OperationCanceledException("A signal ended the process of the task.", cancellationToken);
        if (end.ExitCode == KilledExit)
            return null;
        if (JsonText.TryRead<TrialAnswer>(end.Output) is { } answer && (answer.Outcome is not null || answer.Failure is not null))
            return answer.Failure is { Code: Codes.Cancelled } ? throw new OperationCanceledException(answer.Failure.Text, cancellationToken) : answer;
        return Failed(
            string.Create(CultureInfo.InvariantCulture, $"its process crashed with exit code {end.ExitCode}") + (end.LastError is { } last ? $" ({last})" : "")
        );
    }

    private static TrialRequest Request(StudySettings settings, StudyTask task, WorkFolder work)
    {
        var request = new TrialRequest
        {
            Settings = settings,
            Output = work.Model,
            Trained = work.Trained,
        };
        return task switch
        {
            RecipeTask recipe => request with { Recipe = recipe.Recipe, Shared = work.Shared },
            StorageTableTask table => request with { Storage = table.Structure },
            IntegerTableTask table => request with { Integers = table.Steps },
            _ => throw new InvalidOperationException($"There is no task {task.GetType().Name}."),
        };
    }

    private static TrialAnswer Failed(string why) => new() { Outcome = new StudyOutcome { Failure = why } };
}
