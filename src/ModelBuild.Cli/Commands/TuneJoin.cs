using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Tuning;
using ModelBuild.Cli.Tuning.Workers;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Commands;

/// <summary>Contains the uses of <c>tune</c> that join a study which another process has begun.</summary>
internal static class TuneJoin
{
    /// <summary>Works on the tasks of a study until it is complete or stopped.</summary>
    /// <param name="parseResult">The command line.</param>
    /// <param name="folderPath">The folder of the study.</param>
    /// <param name="cancellationToken">Ends the worker, and makes its task available again.</param>
    /// <exception cref="CompressionException">MB1005: there is no study, or this machine has other files or another version.</exception>
    public static int Work(ParseResult parseResult, string folderPath, CancellationToken cancellationToken)
    {
        var (folder, file) = StudyFolder.Join(folderPath);
        // The facts are compared only for a running study, because the files of a study that has ended may be missing.
        if (!folder.IsRunning(file))
            return ExitCode.Good;
        if (file.Facts.Difference(StudyFacts.Of(file.Settings, cancellationToken)) is { } difference)
            throw new CompressionException(Codes.UnknownOption, $"This machine cannot work on the study, because {difference}.", folderPath);
        TuneWorkerOptions.Worker(parseResult, folder, file, count: 1).Run(cancellationToken);
        return ExitCode.Good;
    }

    /// <summary>Prints the progress of a study.</summary>
    /// <exception cref="CompressionException">MB1005: there is no study.</exception>
    public static int Status(string folderPath, bool isJson, CancellationToken cancellationToken)
    {
        var (folder, file) = StudyFolder.Join(folderPath);
        var findings = new StudyFindings(file, folder);
        findings.Update(cancellationToken);
        var document = findings.Document(new Selection(TuneGoal.Size, MaxBytes: null, MaxMilliseconds: null), []);
        if (isJson)
            Console.Out.Write(JsonText.Of(document));
        else
            TuneView.ShowStatus(document, folder.Claims(file).Living(), findings.IsComplete, !folder.IsRunning(file));
        return ExitCode.Good;
    }

    /// <summary>Ends the workers of a study on all machines. The results that they found are kept.</summary>
    /// <exception cref="CompressionException">MB1005: there is no study.</exception>
    public static int Cancel(string folderPath)
    {
        var (folder, _) = StudyFolder.Join(folderPath);
        folder.Stop();
        var isCancelled = SlurmWorkers.TryCancel(folder);
        Screen.WriteLine("The workers of the study end. --resume goes on with it.");
        if (!isCancelled)
            Screen.WriteLine($"This machine has no Slurm. Tasks of the job {folder.Job} that wait in its queue end when they start.");
        return ExitCode.Good;
    }
}
