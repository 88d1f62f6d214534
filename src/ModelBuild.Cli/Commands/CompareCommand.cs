using System.CommandLine;
using ModelBuild.Cli.Build;
using ModelBuild.Cli.Data.Texts;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Measuring;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Pages.Comparison;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild compare</c>: compares the size, the speed and the outputs of models.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var models = new Argument<string[]>("models")
        {
            Description = "The models. The others are compared with the first one.",
            Arity = new ArgumentArity(2, 100),
        };
        var data = SharedOptions.Data("--data");
        var (maxAccuracyLoss, minSqnr, fidelity) = (SharedOptions.MaxAccuracyLoss(), SharedOptions.MinSqnr(), SharedOptions.Fidelity());
        var measuring = new MeasuringOptions(defaultThreads: "1,all", defaultSeconds: "3");
        var descriptions = new DescriptionOptions();
        var html = new Option<string?>("--html") { Description = "Write the comparison as one HTML page.", HelpName = "FILE" };
        var json = SharedOptions.Json();
        var command = new Command(
            "compare",
            "Compares models: bytes, memory, latency in turns, fidelity, accuracy, the samples whose answers changed, and the error along the graph."
        )
        {
            models,
            data,
        };
        foreach (var option in measuring.All.Concat([maxAccuracyLoss, minSqnr, fidelity, html, json]).Concat(descriptions.All))
            command.Options.Add(option);
        command.SetGuardedAction(
            parseResult => parseResult.GetValue(models)![0],
            (parseResult, cancellationToken) =>
            {
                var paths = parseResult.GetValue(models)!;
                var settings = measuring.Read(parseResult);
                var budget = FidelityBudget.Parse(parseResult.GetValue(maxAccuracyLoss), parseResult.GetValue(minSqnr));
                var kinds = FidelityKinds.Parse(parseResult.GetValue(fidelity));
                var inputs = descriptions.Read(parseResult, paths[0], FileGlobs.Expand(parseResult.GetValue(data) ?? []), cancellationToken);
                var comparison = new ComparisonSettings(
                    inputs.Files,
                    new SampleOrigins(inputs.Sources),
                    budget,
                    kinds,
                    DescribedInputs.Of(inputs.Described.Descriptions, SpecialTokens.Read(paths[0], inputs.Described.Vocabulary)),
                    inputs.Labels
                );
                var document = Progress.Run(Path.GetFileName(paths[0]), "comparing", _ => Compare(paths, settings, comparison, cancellationToken));
                UnusedDataNotice.Write(paths[0], inputs.Files, cancellationToken);
                if (parseResult.GetValue(html) is { } page)
                    BuildFiles.Write(Path.GetFullPath(page), HtmlComparison.Render(document));
                if (parseResult.GetValue(json))
                    Console.Out.Write(JsonText.Of(document));
                else
                    ComparisonView.Show(document, parseResult.GetValue(html));
                return ExitCode.Good;
            }
        );
        return command;
    }

    // The outputs are compared first, because models with other inputs cannot be timed with the same inputs.
    private static ComparisonDocument Compare(string[] paths, MeasuringSettings settings, ComparisonSettings comparison, CancellationToken cancellationToken)
    {
        var outputs = OutputComparison.Compare(paths, comparison, cancellationToken);
        var measurement = new ComparisonMeasurement(settings, comparison.Data, comparison.Inputs);
        var (alone, turns, inputs) = measurement.Measure(paths, cancellationToken);
        return new ComparisonDocument(
            [
                .. paths.Select(
                    (path, i) => new ComparedModel(path, ModelDescription.Size(path), alone[i].LoadMs, alone[i].Memory, i == 0 ? null : outputs[i - 1])
                ),
            ],
            turns,
            Machine.Describe(settings.Provider),
            inputs
        );
    }
}
