using System.Globalization;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Tuning.Workers;

/// <summary>
/// Runs workers as tasks of a Slurm job array. The array has more tasks than run at a time, so that another task replaces a worker that reaches a limit of
/// time. Tasks that start after the end of the study end at once.
/// </summary>
internal sealed class SlurmWorkers : IWorkers
{
    private const int TasksPerWorker = 4;

    private readonly StudyFolder _folder;
    private readonly int _count;
    private readonly IReadOnlyList<string> _options;
    private readonly IReadOnlyList<string> _command;
    private readonly JobLook _look;

    /// <summary>Initializes a new instance of the <see cref="SlurmWorkers"/> class.</summary>
    /// <param name="folder">The folder of the study.</param>
    /// <param name="count">The number of workers that run at a time.</param>
    /// <param name="options">More options of <c>sbatch</c>.</param>
    /// <param name="command">The command line of a worker.</param>
    public SlurmWorkers(StudyFolder folder, int count, IReadOnlyList<string> options, IReadOnlyList<string> command) =>
        (_folder, _count, _options, _command, _look) = (folder, count, options, command, new JobLook(IsLeft));

    /// <summary>Gets the arguments of <c>sbatch</c>.</summary>
    public IReadOnlyList<string> Arguments =>
        [
            "--parsable",
            "--job-name=modelbuild-tune",
            string.Create(CultureInfo.InvariantCulture, $"--array=1-{_count * TasksPerWorker}%{_count}"),
            "--requeue",
            "--open-mode=append",
            $"--output={Path.Combine(_folder.Logs, "%A_%a.log")}",
            .. _options,
            "--wrap",
            $"exec {ShellWords.Of(_command)}",
        ];

    /// <inheritdoc/>
    public void Start()
    {
        Directory.CreateDirectory(_folder.Logs);
        var end = ExternalProgram.Run("sbatch", Arguments);
        // The output of sbatch is the number of the job, followed by a semicolon and the name of the cluster if that is not the usual one.
        var job = end.Output.Trim();
        if (end.ExitCode != 0 || job.Length == 0)
            throw new CompressionException(Codes.UnknownOption, $"Slurm did not take the job: {end.LastError ?? end.Output}");
        _folder.Job = job;
        _look.Start();
    }

    /// <inheritdoc/>
    public bool Remain() => _look.Remains();

    /// <inheritdoc/>
    public Exception? Fault => null;

    /// <inheritdoc/>
    public void End() => TryCancel(_folder);

    /// <summary>Cancels the Slurm job with the workers of a study, if the study has a job.</summary>
    /// <returns>Whether Slurm was asked, or the study has no job; false if this machine has no Slurm.</returns>
    public static bool TryCancel(StudyFolder folder)
    {
        if (folder.Job is not { } job)
            return true;
        try
        {
            ExternalProgram.Run("scancel", Named(job));
            return true;
        }
        catch (CompressionException)
        {
            return false;
        }
    }

    /// <summary>
    /// Cancels the job of an earlier run in the folder of a study. Tasks of that job may still wait in the queue, and would otherwise work on the next run.
    /// </summary>
    public static void CancelEarlier(StudyFolder folder)
    {
        TryCancel(folder);
        folder.Job = null;
    }

    // Returns whether the job still exists. The text form of the output is the same in all versions of Slurm. For a job that ended long ago squeue reports an
    // error; other errors are temporary.
    private bool IsLeft()
    {
        var end = ExternalProgram.Run("squeue", ["--noheader", "--array", "--format=%T", .. Named(_folder.Job!, "--jobs")]);
        return end.ExitCode == 0 ? end.Output.Trim().Length > 0 : !end.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase);
    }

    private static string[] Named(string job, params string[] option)
    {
        var parts = job.Split(';');
        return [.. parts.Skip(1).Select(cluster => $"--clusters={cluster}"), .. option, parts[0]];
    }
}
