using System.Diagnostics;
using System.Globalization;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Tuning.Workers;

/// <summary>
/// Workers as tasks of a Slurm job array. The array has more tasks than run at a time, so that another one follows a worker that reaches a limit of time; those
/// that start after the end of the study end at once.
/// </summary>
/// <param name="folder">The folder of the study.</param>
/// <param name="count">The number of workers that run at a time.</param>
/// <param name="options">More options of <c>sbatch</c>.</param>
/// <param name="command">The command line of a worker.</param>
internal sealed class SlurmWorkers(StudyFolder folder, int count, IReadOnlyList<string> options, IReadOnlyList<string> command) : IWorkers
{
    private const int TasksPerWorker = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _sinceLook = new();
    private bool _remain = true;

    /// <summary>The arguments of <c>sbatch</c>.</summary>
    public IReadOnlyList<string> Arguments =>
        [
            "--parsable",
            "--job-name=modelbuild-tune",
            string.Create(CultureInfo.InvariantCulture, $"--array=1-{count * TasksPerWorker}%{count}"),
            "--requeue",
            "--open-mode=append",
            $"--output={Path.Combine(folder.Logs, "%A_%a.log")}",
            .. options,
            "--wrap",
            $"exec {ShellWords.Of(command)}",
        ];

    /// <inheritdoc/>
    public void Start()
    {
        Directory.CreateDirectory(folder.Logs);
        // The tasks of an earlier run that still wait in the queue.
        Cancel(folder);
        var end = ExternalProgram.Run("sbatch", Arguments);
        // The output is the number of the job, and the name of its cluster after a semicolon if that is not the usual one.
        var job = end.Output.Trim();
        if (end.ExitCode != 0 || job.Length == 0)
            throw new CompressionException(Codes.UnknownOption, $"Slurm did not take the job: {end.LastError ?? end.Output}");
        folder.Job = job;
        _sinceLook.Start();
    }

    /// <inheritdoc/>
    public bool Remain()
    {
        if (!_remain || _sinceLook.Elapsed < Interval)
            return _remain;
        _sinceLook.Restart();
        // The text form is the same in all versions of Slurm. A job that ended long ago is an error of squeue; other errors pass.
        var end = ExternalProgram.Run("squeue", ["--noheader", "--array", "--format=%T", .. Named(folder.Job!, "--jobs")]);
        _remain = end.ExitCode == 0 ? end.Output.Trim().Length > 0 : !end.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase);
        return _remain;
    }

    /// <inheritdoc/>
    public Exception? Fault => null;

    /// <inheritdoc/>
    public void End() => Cancel(folder);

    /// <summary>Ends the workers of a study, if it has a job.</summary>
    public static void Cancel(StudyFolder folder)
    {
        if (folder.Job is { } job)
            ExternalProgram.Run("scancel", Named(job));
    }

    private static string[] Named(string job, params string[] option)
    {
        var parts = job.Split(';');
        return [.. parts.Skip(1).Select(cluster => $"--clusters={cluster}"), .. option, parts[0]];
    }
}
