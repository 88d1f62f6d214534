using ModelBuild.Cli.Tuning;
using ModelBuild.Compression.Tuning;

namespace ModelBuild.Workers.Tests.Support;

/// <summary>Runs tasks at whose end something happens.</summary>
/// <param name="end">Gets the task and the number of tasks so far, and returns false if the system kills the process of the task.</param>
internal sealed class InterruptedRunner(Func<StudyTask, int, bool> end) : ITaskRunner
{
    private readonly WaitingRunner _runner = new(TimeSpan.Zero);

    /// <summary>The number of tasks that ran.</summary>
    public int Runs => _runner.Runs;

    /// <inheritdoc/>
    public TrialAnswer? Run(StudySettings settings, StudyTask task, WorkFolder work, CancellationToken cancellationToken)
    {
        var answer = _runner.Run(settings, task, work, cancellationToken);
        return end(task, _runner.Runs) ? answer : null;
    }
}
