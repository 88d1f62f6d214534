using System.CommandLine;
using ModelBuild.Cli.Build;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Processes;
using ModelBuild.Cli.Tuning;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Training.TrainedFiles;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild tune</c>: searches the recipe that suits a model best.</summary>
internal static class TuneCommand
{
    // A task may take this share of the memory of the machine.
    private const double MemoryShare = 0.8;

    private static readonly TimeSpan LongestTask = TimeSpan.FromMinutes(30);

    public static Command Create()
    {
        var model = SharedOptions.Model("model", "The ONNX model.");
        var data = SharedOptions.Data("--data");
        var recipes = new RecipeOptions();
        var tuning = new TuneOptions();
        var study = new Option<string?>("--study")
        {
            Description = "The folder in which the study keeps its results. Default: <model>.study beside the model.",
            HelpName = "FOLDER",
        };
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on with a study that was interrupted, or for longer. The model and the data must be the same.",
        };
        var pick = new Option<int?>("--pick")
        {
            Description = "Write the recipe of another point of the finished study, by its number, and search nothing.",
            HelpName = "NUMBER",
        };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Print the result of each task on standard error." };
        var json = SharedOptions.Json();
        var command = new Command(
            "tune",
            "Searches the recipe that suits a model best, and writes it to <model>.recipe.json beside the model, which builds use from then on."
        )
        {
            model,
            data,
        };
        foreach (
            var option in tuning
                .All.Concat([recipes.MaxAccuracyLoss, recipes.MinSqnr, recipes.Fidelity, recipes.TrainingData, recipes.ValidationData])
                .Concat(recipes.Descriptions.All)
                .Concat([recipes.Target, study, resume, pick, verbose, json])
        )
            command.Options.Add(option);
        command.SetGuardedAction(
            model,
            (parseResult, cancellationToken) =>
            {
                var path = parseResult.GetValue(model)!;
                var folderPath = parseResult.GetValue(study) ?? StudyFolder.Beside(path);
                if (parseResult.GetValue(pick) is { } number)
                    return Pick(path, folderPath, number, parseResult.GetValue(json), cancellationToken);
                var (selection, limits) = (tuning.Selection(parseResult), tuning.Limits(parseResult));
                var settings = new StudySettings
                {
                    Model = Path.GetFullPath(path),
                    Data = Files(data, "calibration"),
                    TrainingData = Files(recipes.TrainingData, "training"),
                    ValidationData = Files(recipes.ValidationData, "validation"),
                    MaxAccuracyLoss = parseResult.GetValue(recipes.MaxAccuracyLoss),
                    MinSqnr = parseResult.GetValue(recipes.MinSqnr),
                    Fidelity = parseResult.GetValue(recipes.Fidelity),
                    Target = TargetProfile.Parse(parseResult.GetValue(recipes.Target)).Name,
                };
                // A wrong value of an option is an error before any work.
                settings.Request("", folderPath);
                if (settings.Data.Count == 0)
                    throw new CompressionException(
                        Codes.CalibrationMissing,
                        "A search compares recipes on real inputs: name files of them with --data. The command 'modelbuild data' makes them of pictures, "
                            + "sounds and texts."
                    );
                CheckTrainingData(settings);
                var folder = StudyFolder.Open(folderPath, StudyFacts.Of(settings, cancellationToken), parseResult.GetValue(resume));
                var onnxRuntime = parseResult.GetValue(SharedOptions.OnnxRuntime)?.FullName;
                var child = new TrialProcess(
                    onnxRuntime,
                    new ProcessLimits((long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare), LongestTask),
                    folder.TemporaryFolder
                );
                using var latencies = new FrontLatencies(settings, onnxRuntime);
                var title = Path.GetFileName(path);
                var document = parseResult.GetValue(verbose) ? Run(Progress.Print(title)) : Progress.Run(title, "reading", Run);
                Finish(document, folder, path, parseResult.GetValue(json));
                return ExitCode.Good;

                IReadOnlyList<string> Files(Option<string[]> option, string purpose) =>
                    [
                        .. recipes
                            .Descriptions.Prepare(parseResult, path, FileGlobs.Expand(parseResult.GetValue(option) ?? [], purpose), cancellationToken)
                            .Select(Path.GetFullPath),
                    ];

                StudyDocument Run(IProgress<WorkLine> progress) =>
                    new StudyRun(settings, selection, limits, folder, child, latencies, new WorkLog(progress)).Run(cancellationToken);
            }
        );
        return command;
    }

    // A recipe that trains on the held-out samples would be verified on what it learned.
    private static void CheckTrainingData(StudySettings settings)
    {
        var data = settings.Data.Select(ContentHash.Of).ToHashSet(StringComparer.Ordinal);
        if (settings.TrainingData.FirstOrDefault(file => data.Contains(ContentHash.Of(file))) is { } shared)
            throw new CompressionException(
                Codes.UnknownOption,
                "A file is training data and the data of the study as well, so that recipes would be verified on what they were trained on. Name other files.",
                shared
            );
    }

    private static int Pick(string model, string folderPath, int number, bool isJson, CancellationToken cancellationToken)
    {
        var (folder, document) = StudyFolder.Read(folderPath, model, cancellationToken);
        if (document.Front.Concat(document.Others).All(point => point.Number != number))
            throw new CompressionException(
                Codes.UnknownOption,
                $"The study has no point {number}. The points of its front are {string.Join(", ", document.Front.Select(point => point.Number))}.",
                folderPath
            );
        var picked = document with { Chosen = number };
        folder.Save(picked);
        Finish(picked, folder, model, isJson, isPicked: true);
        return ExitCode.Good;
    }

    private static void Finish(StudyDocument document, StudyFolder folder, string model, bool isJson, bool isPicked = false)
    {
        var recipe = RecipeFile.BesideModel(model);
        if (isJson)
            Console.Out.Write(JsonText.Of(document));
        else
            TuneView.Show(document);
        if (document.Point is not { } chosen)
            throw new CompressionException(
                Codes.FidelityMissed,
                "No recipe of the study is within the budget and the limits. The nearest ones stand above: widen a limit, give more data, or write one with "
                    + "--pick NUMBER."
            );
        BuildFiles.Write(Path.GetFullPath(recipe), RecipeFile.ToJson(RecipeParser.Parse(chosen.Recipe)));
        var trained = folder.Trained(chosen.Number);
        if (File.Exists(trained))
            File.Copy(trained, TrainedFile.BesideModel(model), overwrite: true);
        if (!isJson)
            TuneView.ShowChosen(document, recipe, Path.GetRelativePath(Environment.CurrentDirectory, folder.Page), isPicked);
    }
}
