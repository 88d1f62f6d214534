using ModelBuild.Cli.Build;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Tuning;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Training.TrainedFiles;
using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Commands;

/// <summary>Shows the result of a study, and writes the recipe of its chosen point.</summary>
internal static class TuneFinish
{
    /// <summary>Chooses another point of the front of a finished study.</summary>
    /// <param name="model">The path of the model.</param>
    /// <param name="folderPath">The folder of the study.</param>
    /// <param name="number">The number of the point.</param>
    /// <param name="isJson">Whether to print a JSON document.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="CompressionException">MB1005: there is no such study or point.</exception>
    public static int Pick(string model, string folderPath, int number, bool isJson, CancellationToken cancellationToken)
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
        Write(picked, folder, model, isJson, isPicked: true);
        return ExitCode.Good;
    }

    /// <summary>Shows the result of a study, and writes the recipe of the chosen point beside the model.</summary>
    /// <param name="document">The result.</param>
    /// <param name="folder">The folder of the study.</param>
    /// <param name="model">The path of the model.</param>
    /// <param name="isJson">Whether to print a JSON document.</param>
    /// <param name="isPicked">Whether the user picked the point.</param>
    /// <exception cref="CompressionException">MB1009: no point is within the budget and the limits.</exception>
    public static void Write(StudyDocument document, StudyFolder folder, string model, bool isJson, bool isPicked = false)
    {
        var recipe = RecipeFile.BesideModel(model);
        if (isJson)
            Console.Out.Write(JsonText.Of(document));
        else
            TuneView.Show(document);
        if (document.Point is not { } chosen)
            throw new CompressionException(
                Codes.FidelityMissed,
                "No recipe of the study is within the budget and the limits, or the latency of none was measured. The nearest ones stand above: widen a limit, "
                    + "give more data, go on with --resume, or write one with --pick NUMBER."
            );
        BuildFiles.Write(Path.GetFullPath(recipe), RecipeFile.ToJson(RecipeParser.Parse(chosen.Recipe)));
        var trained = folder.Trained(new RecipeTask(chosen.Recipe, chosen.Origin));
        if (File.Exists(trained))
            File.Copy(trained, TrainedFile.BesideModel(model), overwrite: true);
        if (!isJson)
            TuneView.ShowChosen(document, recipe, Path.GetRelativePath(Environment.CurrentDirectory, folder.Page), isPicked);
    }
}
