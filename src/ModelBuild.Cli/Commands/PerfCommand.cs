using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Measuring;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild perf</c>: measures the latency, the memory and the nodes of a model.</summary>
internal static class PerfCommand
{
    public static Command Create()
    {
        var model = SharedOptions.Model("model", "The ONNX model.");
        var data = SharedOptions.Data("--data");
        var measuring = new MeasuringOptions(defaultThreads: "all", defaultSeconds: "3");
        var descriptions = new DescriptionOptions();
        var json = SharedOptions.Json();
        var command = new Command("perf", "Measures a model: latency, throughput, load time, memory, and the time of each operator and node.") { model, data };
        foreach (var option in measuring.All.Append(json).Concat(descriptions.All))
            command.Options.Add(option);
        command.SetGuardedAction(
            model,
            (parseResult, cancellationToken) =>
            {
                var path = parseResult.GetValue(model)!;
                var settings = measuring.Read(parseResult);
                var inputs = descriptions.Prepare(parseResult, path, FileGlobs.Expand(parseResult.GetValue(data) ?? []), cancellationToken);
                var described = inputs.Count > 0 ? DescribedInputs.None : descriptions.Inputs(parseResult, path, cancellationToken);
                var document = Progress.Run(
                    Path.GetFileName(path),
                    "measuring",
                    _ => new PerfMeasurement(settings, inputs, described).Measure(path, cancellationToken)
                );
                UnusedDataNotice.Write(path, inputs, cancellationToken);
                if (parseResult.GetValue(json))
                    Console.Out.Write(JsonText.Of(document));
                else
                    PerfView.Show(document);
                return ExitCode.Good;
            }
        );
        return command;
    }
}
