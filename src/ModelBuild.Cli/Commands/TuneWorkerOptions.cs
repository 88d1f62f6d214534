using System.CommandLine;
using System.CommandLine.Parsing;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Processes;
using ModelBuild.Cli.Tuning;
using ModelBuild.Cli.Tuning.Workers;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Commands;

/// <summary>Provides the options of <c>tune</c> that determine the number of workers of a study, and the machines on which they run.</summary>
internal sealed class TuneWorkerOptions
{
    private const string Slurm = "slurm";
    private const string Kubernetes = "kubernetes";

    // The share of the machine's memory that a task may occupy together with the other tasks that run at the same time.
    private const double MemoryShare = 0.8;

    private static readonly TimeSpan LongestTask = TimeSpan.FromMinutes(30);

    private Option<int?> Workers { get; } =
        new("--workers")
        {
            Description = "The number of recipes that run at the same time. The front does not depend on it. Default: 1, or 4 with --cluster.",
            HelpName = "N",
        };

    private Option<string?> Cluster { get; } =
        new("--cluster")
        {
            Description = $"Run the workers elsewhere: {Slurm} or {Kubernetes}. The model, the data and the study must be on a shared folder.",
            HelpName = "KIND",
        };

    private Option<string?> Sbatch { get; } =
        new("--sbatch") { Description = "More options of Slurm's sbatch, such as \"-p batch -t 2:00:00 --mem=8G\".", HelpName = "OPTIONS" };

    // The option is not called --image, because another option of the command has that name and describes the pictures of the data.
    private Option<string?> Container { get; } =
        new("--container") { Description = "The container image of Kubernetes workers. It has the program modelbuild.", HelpName = "IMAGE" };

    private Option<string?> Claim { get; } =
        new("--claim") { Description = "The persistent volume claim of the volume with the study, the model and the data.", HelpName = "NAME" };

    private Option<string?> Mount { get; } =
        new("--mount") { Description = "The folder where this volume is mounted here. Workers have it at the same path.", HelpName = "FOLDER" };

    private Option<bool> Print { get; } =
        new("--print") { Description = "Begin the study and print the command or the manifest that starts its workers, and start none. Needs --trials." };

    /// <summary>Gets the options in the order of the help.</summary>
    public IEnumerable<Option> All => [Workers, Cluster, Sbatch, Container, Claim, Mount, Print];

    /// <summary>Checks the options before any work.</summary>
    /// <exception cref="CompressionException">MB1005: an option has a wrong value, or does not fit another one.</exception>
    public void Check(ParseResult parseResult, StudyLimits limits)
    {
        var cluster = parseResult.GetValue(Cluster);
        if (parseResult.GetValue(Workers) is < 1)
            throw Wrong($"{Workers.Name} {parseResult.GetValue(Workers)}: the number must be 1 or more.");
        if (cluster is not (null or Slurm or Kubernetes))
            throw Wrong($"{Cluster.Name} '{cluster}' must be {Slurm} or {Kubernetes}.");
        Needs(Sbatch.Name, parseResult.GetValue(Sbatch) is not null, Slurm);
        Needs(Container.Name, parseResult.GetValue(Container) is not null, Kubernetes);
        Needs(Claim.Name, parseResult.GetValue(Claim) is not null, Kubernetes);
        Needs(Mount.Name, parseResult.GetValue(Mount) is not null, Kubernetes);
        if (cluster == Kubernetes && new[] { Container, Claim, Mount }.Any(option => string.IsNullOrEmpty(parseResult.GetValue(option))))
            throw Wrong($"{Cluster.Name} {Kubernetes} needs {Container.Name}, {Claim.Name} and {Mount.Name}.");
        if (cluster == Kubernetes && OnnxRuntime(parseResult) is not null)
            throw Wrong(
                $"{SharedOptions.OnnxRuntime.Name} does not fit {Cluster.Name} {Kubernetes}, because containers do not have this folder. Put the ONNX Runtime "
                    + "into the image, and set the environment variable MODELBUILD_ONNXRUNTIME in the image and here."
            );
        if (parseResult.GetValue(Print) && cluster is null)
            throw Wrong($"{Print.Name} needs {Cluster.Name}.");
        if (parseResult.GetValue(Print) && (limits.Trials is null || limits.Time is not null))
            throw Wrong($"{Print.Name} needs --trials without --minutes, because nobody ends the workers when the time is over.");

        void Needs(string name, bool isGiven, string kind)
        {
            if (isGiven && cluster != kind)
                throw Wrong($"{name} needs {Cluster.Name} {kind}.");
        }
    }

    /// <summary>Checks that workers on other machines can read the files of a study.</summary>
    /// <param name="parseResult">The command line.</param>
    /// <param name="folderPath">The folder of the study.</param>
    /// <param name="settings">The model and its data.</param>
    /// <param name="made">The files that are copied into the folder of the study.</param>
    /// <exception cref="CompressionException">MB1005: a file is not on the volume.</exception>
    public void CheckFiles(ParseResult parseResult, string folderPath, StudySettings settings, IReadOnlySet<string> made)
    {
        if (parseResult.GetValue(Cluster) == Kubernetes)
            KubernetesJob.Check(parseResult.GetValue(Mount)!, [folderPath, settings.Model, .. settings.Files.Where(file => !made.Contains(file))]);
    }

    /// <summary>Creates the workers that the options request.</summary>
    /// <param name="parseResult">The command line.</param>
    /// <param name="folder">The folder of the study.</param>
    /// <param name="file">The study.</param>
    /// <param name="cancellationToken">Ends workers in this process.</param>
    public IWorkers Create(ParseResult parseResult, StudyFolder folder, StudyFile file, CancellationToken cancellationToken)
    {
        var count = Count(parseResult);
        return parseResult.GetValue(Cluster) switch
        {
            Slurm => SlurmJob(parseResult, folder),
            Kubernetes => new KubernetesWorkers(Job(parseResult, folder, file)),
            _ => new LocalWorkers(count, () => Worker(parseResult, folder, file, count), cancellationToken),
        };
    }

    /// <summary>Creates a worker of a study.</summary>
    /// <param name="parseResult">The command line.</param>
    /// <param name="folder">The folder of the study.</param>
    /// <param name="file">The study.</param>
    /// <param name="count">The number of workers on this machine.</param>
    public static StudyWorker Worker(ParseResult parseResult, StudyFolder folder, StudyFile file, int count)
    {
        var memory = (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare / count);
        return new StudyWorker(folder, file, new TrialProcess(OnnxRuntime(parseResult), new ProcessLimits(memory, LongestTask)));
    }

    /// <summary>Returns the command or the manifest that starts the workers, if the command line requests to print it; otherwise null.</summary>
    public string? Printed(ParseResult parseResult, StudyFolder folder, StudyFile file) =>
        !parseResult.GetValue(Print) ? null
        : parseResult.GetValue(Cluster) == Slurm ? ShellWords.Of(["sbatch", .. SlurmJob(parseResult, folder).Arguments]) + "\n"
        : Job(parseResult, folder, file).ToYaml();

    /// <summary>Returns the folder of the ONNX Runtime that the command line names; null if it names none.</summary>
    public static string? OnnxRuntime(ParseResult parseResult) => parseResult.GetValue(SharedOptions.OnnxRuntime)?.FullName;

    private SlurmWorkers SlurmJob(ParseResult parseResult, StudyFolder folder)
    {
        string[] runtime = OnnxRuntime(parseResult) is { } path ? ["--onnxruntime", path] : [];
        return new SlurmWorkers(
            folder,
            Count(parseResult),
            [.. CommandLineParser.SplitCommandLine(parseResult.GetValue(Sbatch) ?? "")],
            [ThisProgram.Host, .. ThisProgram.Arguments, "tune", "--worker", folder.Path, .. runtime]
        );
    }

    private KubernetesJob Job(ParseResult parseResult, StudyFolder folder, StudyFile file) =>
        new(
            $"modelbuild-{file.Run}",
            parseResult.GetValue(Container)!,
            parseResult.GetValue(Claim)!,
            Path.GetFullPath(parseResult.GetValue(Mount)!),
            folder.Path,
            Count(parseResult)
        );

    private int Count(ParseResult parseResult) => parseResult.GetValue(Workers) ?? (parseResult.GetValue(Cluster) is null ? 1 : 4);

    private static CompressionException Wrong(string message) => new(Codes.UnknownOption, message);
}
