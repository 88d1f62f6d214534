using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Training.TrainedFiles;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild compress</c>: writes a compressed model and its receipt.</summary>
internal static class CompressCommand
{
    public static Command Create()
    {
        var model = SharedOptions.Model("model", "The ONNX model.");
        var options = new RecipeOptions();
        var keepTrained = new Option<bool>(SettingNames.KeepTrained)
        {
            Description = "Write the trained values to <model>.trained.safetensors beside the model, so that builds need no training.",
        };
        var stages = new Option<int>("--stages")
        {
            Description = "The number of stages to cut the result into, which run one after the other: <output>.1.onnx, <output>.2.onnx, and so on.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var preprocess = new Option<string>("--preprocess")
        {
            Description =
                "'graph' makes the preparation of images a part of the model, as standard operators: the result takes pictures of any size as bytes of red, "
                + "green and blue with the dimensions images, rows, columns and channels.",
            HelpName = "WHERE",
            DefaultValueFactory = _ => ItemMetadata.Preprocess.Default!,
        };
        preprocess.AcceptOnlyFromAmong([.. ItemMetadata.Preprocess.Words]);
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The path of the result. Default: <model>.compressed.onnx beside the model.",
            HelpName = "FILE",
        };
        var remote = new RemoteCacheOptions();
        var json = SharedOptions.Json();
        var command = new Command("compress", "Compresses a model and verifies its outputs.") { model };
        foreach (
            var option in options.OfRecipe.Concat([
                keepTrained,
                stages,
                preprocess,
                options.Target,
                options.NoVerify,
                .. remote.All,
                output,
                options.Verbose,
                json,
            ])
        )
            command.Options.Add(option);
        command.SetGuardedAction(
            model,
            (parseResult, cancellationToken) =>
            {
                var path = parseResult.GetValue(model)!;
                var outputPath = parseResult.GetValue(output) ?? Path.ChangeExtension(path, null) + ".compressed.onnx";
                var request = options.Read(parseResult, path, outputPath, cancellationToken);
                var trained = TrainedFile.BesideModel(path);
                var keeps = parseResult.GetValue(keepTrained);
                // The remote cache is not used with --keep-trained, because its entries do not contain the trained values.
                var cached = remote.Read(parseResult) is { } settings && !keeps ? new CachedRun(settings) : null;
                RecipeRun.Show(
                    request with
                    {
                        Preprocess =
                            parseResult.GetValue(preprocess) == ItemMetadata.PreprocessGraph ? options.Preprocess(parseResult, path, cancellationToken) : null,
                        Stages = Stages(parseResult.GetValue(stages)),
                        TrainedFile = request.TrainingData.Count == 0 && File.Exists(trained) ? trained : null,
                        KeepTrained = keeps ? trained : null,
                        Given = [.. request.Given, .. keeps ? [SettingNames.KeepTrained] : Array.Empty<string>()],
                    },
                    outputPath,
                    cached is null ? Compressor.Compress : cached.Compress,
                    parseResult.GetValue(options.Verbose),
                    parseResult.GetValue(json),
                    cancellationToken
                );
                cached?.PrintWarnings(path);
                return ExitCode.Good;
            }
        );
        return command;
    }

    private static int Stages(int stages) =>
        stages >= 1 ? stages : throw new CompressionException(Codes.UnknownOption, $"--stages {stages}: the number must be 1 or more.");
}
