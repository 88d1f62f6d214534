using System.CommandLine;
using ModelBuild.Cli.Build;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Pipeline;
using Spectre.Console;
using Progress = ModelBuild.Cli.Output.Progress;

namespace ModelBuild.Cli.Commands;

/// <summary>
/// <c>modelbuild calibrate</c>: writes the statistics of the calibration data that a build needs to a file that is committed beside the model.
/// </summary>
internal static class CalibrateCommand
{
    public static Command Create()
    {
        var model = SharedOptions.Model("model", "The ONNX model.");
        var data = SharedOptions.Data("--calibration-data");
        data.Required = true;
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The path of the file. Default: <model>.calibration.json beside the model, which builds use automatically.",
            HelpName = "FILE",
        };
        var command = new Command("calibrate", "Runs a model on real inputs and saves the statistics, so that builds do not need the inputs.")
        {
            model,
            data,
            output,
        };
        var descriptions = new DescriptionOptions();
        foreach (var option in descriptions.All)
            command.Options.Add(option);
        command.SetGuardedAction(
            model,
            (parseResult, cancellationToken) =>
            {
                var path = parseResult.GetValue(model)!;
                var outputPath = parseResult.GetValue(output) ?? CalibrationFile.BesideModel(path);
                var inputs = descriptions.Prepare(parseResult, path, FileGlobs.Expand(parseResult.GetValue(data)!), cancellationToken);
                var summary = Progress.Run(Path.GetFileName(path), "reading", progress => Calibrator.Calibrate(path, inputs, progress, cancellationToken));
                BuildFiles.Write(Path.GetFullPath(outputPath), summary.Json);
                UnusedDataNotice.Write(path, inputs, cancellationToken);
                if (FewSamples.Warn(summary.Rows) is { } few)
                    Console.Error.WriteLine(Message.Warning(path, few.Code, few.Text));
                Show(summary, inputs.Count, outputPath);
                return ExitCode.Good;
            }
        );
        return command;
    }

    private static void Show(CalibrationSummary summary, int files, string outputPath)
    {
        var table = new Table().Border(TableBorder.Rounded).AddNumbers("files", "calls", "rows", "values", "bytes");
        table.AddRow([.. new[] { files, summary.Calls, summary.Rows, summary.Values, new FileInfo(outputPath).Length }.Select(Numbers.Format)]);
        Screen.Write(table);
        Screen.WriteLine(outputPath);
    }
}
