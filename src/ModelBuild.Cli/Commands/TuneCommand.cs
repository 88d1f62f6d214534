using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Tuning;
using ModelBuild.Cli.Tuning.Workers;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild tune</c>: searches for the recipe that suits a model best.</summary>
internal sealed class TuneCommand
{
    private readonly Argument<string?> _model = new("model") { Description = "The ONNX model.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> _data = SharedOptions.Data("--data");
    private readonly RecipeOptions _recipes = new();
    private readonly TuneOptions _tuning = new();
    private readonly TuneWorkerOptions _workers = new();

    private readonly Option<string[]> _trainingData = new("--training-data")
    {
        Description = "Typical inputs in the same formats, with or without labels. With them, the study also tries recipes that train.",
        HelpName = "GLOB",
    };

    private readonly Option<string?> _study = new("--study")
    {
        Description = "The folder in which the study keeps its results. Default: <model>.study beside the model.",
        HelpName = "FOLDER",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with a study that was interrupted, or for longer. The model and the data must be the same.",
    };

    private readonly Option<int?> _pick = new("--pick")
    {
        Description = "Write the recipe of another point of the finished study, by its number, and search nothing.",
        HelpName = "NUMBER",
    };

    private readonly Option<string?> _worker = new("--worker")
    {
        Description = "Work on the study in this folder until it ends. Any number of processes on any machines may do so.",
        HelpName = "FOLDER",
    };

    private readonly Option<bool> _status = new("--status") { Description = "Print how far the study is, and search nothing." };

    private readonly Option<bool> _cancel = new("--cancel") { Description = "End the workers of the study, wherever they run. What they found stays." };

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print the result of each task on standard error." };

    private readonly Option<bool> _json = SharedOptions.Json();

    public static Command Create()
    {
        var tune = new TuneCommand();
        var command = new Command(
            "tune",
            "Searches the recipe that suits a model best, and writes it to <model>.recipe.json beside the model, which builds use from then on."
        )
        {
            tune._model,
            tune._data,
        };
        foreach (
            var option in tune
                ._tuning.All.Concat([
                    tune._recipes.MaxAccuracyLoss,
                    tune._recipes.MinSqnr,
                    tune._recipes.Fidelity,
                    tune._trainingData,
                    tune._recipes.ValidationData,
                ])
                .Concat(tune._recipes.Descriptions.All)
                .Concat([tune._recipes.Target, tune._study, tune._resume, tune._pick])
                .Concat(tune._workers.All)
                .Concat([tune._worker, tune._status, tune._cancel, tune._verbose, tune._json])
        )
            command.Options.Add(option);
        command.SetGuardedAction(parseResult => parseResult.GetValue(tune._model) ?? "modelbuild", tune.Run);
        return command;
    }

    private int Run(ParseResult parseResult, CancellationToken cancellationToken)
    {
        if (parseResult.GetValue(_worker) is { } joined)
            return TuneJoin.Work(parseResult, joined, cancellationToken);
        var model = parseResult.GetValue(_model);
        var folderPath =
            parseResult.GetValue(_study)
            ?? (model is null ? throw new CompressionException(Codes.UnknownOption, "Name a model, or a study with --study.") : StudyFolder.Beside(model));
        if (parseResult.GetValue(_status))
            return TuneJoin.Status(folderPath, parseResult.GetValue(_json), cancellationToken);
        if (parseResult.GetValue(_cancel))
            return TuneJoin.Cancel(folderPath);
        if (model is null)
            throw new CompressionException(Codes.UnknownOption, "Name a model.");
        if (parseResult.GetValue(_pick) is { } number)
            return TuneFinish.Pick(model, folderPath, number, parseResult.GetValue(_json), cancellationToken);
        return Search(parseResult, model, folderPath, cancellationToken);
    }

    private int Search(ParseResult parseResult, string model, string folderPath, CancellationToken cancellationToken)
    {
        var (selection, limits) = (_tuning.Selection(parseResult), _tuning.Limits(parseResult));
        _workers.Check(parseResult, limits);
        var (settings, made) = Settings(parseResult, model, folderPath, cancellationToken);
        CheckData(settings);
        _workers.CheckFiles(parseResult, folderPath, settings, made);
        var facts = StudyFacts.Of(settings, cancellationToken);
        var (folder, id) = StudyFolder.Open(folderPath, facts, parseResult.GetValue(_resume));
        SlurmWorkers.CancelEarlier(folder);
        // Archives that this command wrote are copied into the folder of the study, because the originals are deleted when the command ends, and workers may
        // start later.
        var file = new StudyFile
        {
            Id = id,
            Run = StudyFolder.NewName(),
            Facts = facts,
            Settings = settings with { Data = Kept(settings.Data), TrainingData = Kept(settings.TrainingData), ValidationData = Kept(settings.ValidationData) },
            Trials = limits.Trials,
        };
        folder.Begin(file);
        if (_workers.Printed(parseResult, folder, file) is { } printed)
        {
            Console.Out.Write(printed);
            return ExitCode.Good;
        }

        using var latencies = new FrontLatencies(settings, TuneWorkerOptions.OnnxRuntime(parseResult));
        var title = Path.GetFileName(model);
        var document = parseResult.GetValue(_verbose) ? Follow(Progress.Print(title)) : Progress.Run(title, "reading", Follow);
        TuneFinish.Write(document, folder, model, parseResult.GetValue(_json));
        return ExitCode.Good;

        IReadOnlyList<string> Kept(IReadOnlyList<string> files) => [.. files.Select(path => made.Contains(path) ? folder.Keep(path) : path)];

        StudyDocument Follow(IProgress<WorkLine> progress) =>
            new StudyRun(
                file,
                folder,
                _workers.Create(parseResult, folder, file, cancellationToken),
                selection,
                limits.Time,
                latencies,
                new WorkLog(progress)
            ).Run(cancellationToken);
    }

    // Returns the settings of the study, and the temporary files that were written for them.
    private (StudySettings Settings, HashSet<string> Made) Settings(
        ParseResult parseResult,
        string model,
        string folderPath,
        CancellationToken cancellationToken
    )
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        var settings = new StudySettings
        {
            Model = Path.GetFullPath(model),
            Data = Files(_data, "calibration"),
            TrainingData = Files(_trainingData, "training"),
            ValidationData = Files(_recipes.ValidationData, "validation"),
            MaxAccuracyLoss = parseResult.GetValue(_recipes.MaxAccuracyLoss),
            MinSqnr = parseResult.GetValue(_recipes.MinSqnr),
            Fidelity = parseResult.GetValue(_recipes.Fidelity),
            Steps = parseResult.GetValue(_tuning.Steps),
            Target = TargetProfile.Parse(parseResult.GetValue(_recipes.Target)).Name,
        };
        // The request is created here to report a wrong value of an option before any work begins.
        settings.Request("", folderPath);
        _ = settings.Allowed;
        return (settings, made);

        IReadOnlyList<string> Files(Option<string[]> option, string purpose)
        {
            var given = FileGlobs.Expand(parseResult.GetValue(option) ?? [], purpose);
            string[] prepared = [.. _recipes.Descriptions.Prepare(parseResult, model, given, cancellationToken).Select(Path.GetFullPath)];
            made.UnionWith(prepared.Except(given.Select(Path.GetFullPath)));
            return prepared;
        }
    }

    private static void CheckData(StudySettings settings)
    {
        if (settings.Data.Count == 0)
            throw new CompressionException(
                Codes.CalibrationMissing,
                "A search compares recipes on real inputs: name files of them with --data. The command 'modelbuild data' makes them of pictures, "
                    + "sounds and texts."
            );
        // Checks that the held-out samples are not training data. Otherwise, a recipe would be verified on the samples that it was trained on.
        var data = settings.Data.Select(ContentHash.Of).ToHashSet(StringComparer.Ordinal);
        if (settings.TrainingData.FirstOrDefault(file => data.Contains(ContentHash.Of(file))) is { } shared)
            throw new CompressionException(
                Codes.UnknownOption,
                "A file is training data and the data of the study as well, so that recipes would be verified on what they were trained on. Name other files.",
                shared
            );
    }
}
