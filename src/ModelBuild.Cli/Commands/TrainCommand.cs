using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Training.TrainedFiles;

namespace ModelBuild.Cli.Commands;

/// <summary>
/// <c>modelbuild train</c>: runs a recipe with its training steps, verifies the result, and writes the trained values to a file that is committed beside the
/// model.
/// </summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var model = SharedOptions.Model("model", "The ONNX model.");
        var options = new RecipeOptions();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The path of the file. Default: <model>.trained.safetensors beside the model, which builds use automatically.",
            HelpName = "FILE",
        };
        var json = SharedOptions.Json();
        var command = new Command("train", "Runs the training steps of a recipe and saves the trained values, so that builds need no training.") { model };
        foreach (var option in options.OfRecipe.Concat([options.Target, options.NoVerify, output, options.Verbose, json]))
            command.Options.Add(option);
        command.SetGuardedAction(
            model,
            (parseResult, cancellationToken) =>
            {
                var path = parseResult.GetValue(model)!;
                var outputPath = parseResult.GetValue(output) ?? TrainedFile.BesideModel(path);
                RecipeRun.Show(
                    options.Read(parseResult, path, outputPath, cancellationToken),
                    outputPath,
                    TrainedFileWriter.Write,
                    parseResult.GetValue(options.Verbose),
                    parseResult.GetValue(json),
                    cancellationToken
                );
                return ExitCode.Good;
            }
        );
        return command;
    }
}
