using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Tuning;

/// <summary>Represents an object that runs tasks of a study.</summary>
internal interface ITaskRunner
{
    /// <summary>Runs a task of a study.</summary>
    /// <param name="settings">The settings that all trials of the study have in common.</param>
    /// <param name="task">The task.</param>
    /// <param name="work">The folder of the files of the task.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>
    /// The outcome, or the reason why the model cannot be used for the task; null if the task was lost, because the system killed its process.
    /// </returns>
    /// <exception cref="OperationCanceledException">The task was cancelled.</exception>
    TrialAnswer? Run(StudySettings settings, StudyTask task, WorkFolder work, CancellationToken cancellationToken);
}
