using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Tuning;

/// <summary>Runs tasks of a study.</summary>
internal interface ITaskRunner
{
    /// <summary>Runs a task.</summary>
    /// <param name="settings">What all trials of the study have in common.</param>
    /// <param name="task">The task.</param>
    /// <param name="work">The folder of the files of the task.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The outcome, or why the model cannot be used for it; null if the task was lost, because the system killed its process.</returns>
    /// <exception cref="OperationCanceledException">The task was cancelled.</exception>
    TrialAnswer? Run(StudySettings settings, StudyTask task, WorkFolder work, CancellationToken cancellationToken);
}
