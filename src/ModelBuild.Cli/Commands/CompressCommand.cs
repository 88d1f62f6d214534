using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild compress</c>: writes a compressed model and its receipt.</summary>
internal static class CompressCommand
{
    public static Command Create()
    {
        var model = SharedOptions.Model("model", "The ONNX model.");
        var compression = new Option<string?>("--compression")
        {
            Description = "auto (default), none, or steps from the list below, in order.",
            HelpName = "STEPS",
        };
        var recipe = new Option<string?>("--recipe")
        {
            Description = "A recipe file instead of steps. Default: <model>.recipe.json beside the model, if it exists.",
            HelpName = "FILE",
        };
        var data = SharedOptions.Data("--calibration-data");
        var maxAccuracyLoss = SharedOptions.MaxAccuracyLoss();
        var minSqnr = SharedOptions.MinSqnr();
        var fidelity = SharedOptions.Fidelity();
        var target = new Option<string?>("--target")
        {
            Description = $"The target of the recipe: {string.Join(", ", TargetProfile.All)}. Default: {TargetProfile.Default}.",
        };
        var stages = new Option<int>("--stages")
        {
            Description = "The number of stages to cut the result into, which run one after the other: <output>.1.onnx, <output>.2.onnx, and so on.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var noVerify = new Option<bool>("--no-verify")
        {
            Description = "Do not compare the result with the original. This is faster, but the fidelity of the result is unknown. Needs named steps.",
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The path of the result. Default: <model>.compressed.onnx beside the model.",
            HelpName = "FILE",
        };
        var verbose = new Option<bool>("--verbose", "-v")
        {
            Description = "Print each candidate and trial on standard error: its counted work, its result, and why it was dropped.",
        };
        var json = SharedOptions.Json();
        var command = new Command("compress", "Compresses a model and verifies its outputs.")
        {
            model,
            compression,
            recipe,
            data,
            maxAccuracyLoss,
            minSqnr,
            fidelity,
            stages,
            target,
            noVerify,
            output,
            verbose,
            json,
        };
        command.SetGuardedAction(
            model,
            (parseResult, cancellationToken) =>
            {
                var path = parseResult.GetValue(model)!;
                var outputPath = parseResult.GetValue(output) ?? Path.ChangeExtension(path, null) + ".compressed.onnx";
                var isJson = parseResult.GetValue(json);
                var inputs = FileGlobs.Expand(parseResult.GetValue(data) ?? []);
                var choice = ChooseRecipe(parseResult.GetValue(compression), parseResult.GetValue(recipe), path);
                var request = new CompressionRequest(path, outputPath)
                {
                    Recipe = choice.Recipe,
                    Folder = choice.Folder(""),
                    CalibrationData = inputs,
                    CalibrationFile = inputs.Count == 0 && CalibrationFile.BesideModel(path) is var beside && File.Exists(beside) ? beside : null,
                    Budget = FidelityBudget.Parse(parseResult.GetValue(maxAccuracyLoss), parseResult.GetValue(minSqnr)),
                    Fidelity = FidelityKinds.Parse(parseResult.GetValue(fidelity)),
                    Target = TargetProfile.Parse(parseResult.GetValue(target)),
                    Stages = Stages(parseResult.GetValue(stages)),
                    Verify = !parseResult.GetValue(noVerify),
                    Given = Given(
                        parseResult,
                        (compression, SettingNames.Compression),
                        (data, SettingNames.CalibrationData),
                        (maxAccuracyLoss, SettingNames.MaxAccuracyLoss),
                        (minSqnr, SettingNames.MinSqnr),
                        (fidelity, SettingNames.Fidelity)
                    ),
                };
                var title = Path.GetFileName(path);
                var signature = SignatureReader.Read(OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken));
                var done = parseResult.GetValue(verbose)
                    ? Compressor.Compress(request, Progress.Print(title), cancellationToken)
                    : Progress.Run(title, "reading", progress => Compressor.Compress(request, progress, cancellationToken));
                var receipt = RequestWarnings.AddTo(done, request, signature);
                foreach (var warning in receipt.Warnings)
                    Console.Error.WriteLine(Message.Warning(path, warning.Code, warning.Text));
                if (isJson)
                    Console.Out.Write(JsonText.Of(receipt));
                else
                    ReceiptView.Show(receipt, outputPath);
                return ExitCode.Good;
            }
        );
        return command;
    }

    private static string[] Given(ParseResult parseResult, params (Option Option, string Knob)[] options) =>
        [.. options.Where(option => parseResult.GetResult(option.Option) is { Implicit: false }).Select(option => option.Knob)];

    private static int Stages(int stages) =>
        stages >= 1 ? stages : throw new CompressionException(Codes.UnknownOption, $"--stages {stages}: the number must be 1 or more.");

    private static RecipeChoice ChooseRecipe(string? compression, string? recipeFile, string model)
    {
        if (compression is not null && recipeFile is not null)
            throw new CompressionException(Codes.UnknownOption, "Set --compression or --recipe, not both.");
        return RecipeChoice.Of(compression, recipeFile, model);
    }
}
