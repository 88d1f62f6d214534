using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild verify</c>: compares the outputs of two models.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var original = SharedOptions.Model("original", "The original model.");
        var compressed = SharedOptions.Model("compressed", "The model to check.");
        var data = SharedOptions.Data("--data");
        var maxAccuracyLoss = SharedOptions.MaxAccuracyLoss();
        var minSqnr = SharedOptions.MinSqnr();
        var fidelity = SharedOptions.Fidelity();
        var json = SharedOptions.Json();
        var command = new Command("verify", "Runs two models on the same inputs and compares their outputs.")
        {
            original,
            compressed,
            data,
            maxAccuracyLoss,
            minSqnr,
            fidelity,
            json,
        };
        var descriptions = new DescriptionOptions();
        foreach (var option in descriptions.All)
            command.Options.Add(option);
        command.SetGuardedAction(
            original,
            (parseResult, cancellationToken) =>
            {
                var files = (Original: parseResult.GetValue(original)!, Compressed: parseResult.GetValue(compressed)!);
                var budget = FidelityBudget.Parse(parseResult.GetValue(maxAccuracyLoss), parseResult.GetValue(minSqnr));
                var kinds = FidelityKinds.Parse(parseResult.GetValue(fidelity));
                var inputs = descriptions.Prepare(parseResult, files.Original, FileGlobs.Expand(parseResult.GetValue(data) ?? []), cancellationToken);
                var described = inputs.Count > 0 ? null : descriptions.Inputs(parseResult, files.Original, cancellationToken);
                var (report, verdicts) = Progress.Run(
                    Path.GetFileName(files.Compressed),
                    "comparing",
                    _ => ModelVerification.Verify(files.Original, files.Compressed, inputs, budget, kinds, described, cancellationToken)
                );
                var provesNothing = OutputVerdict.ProveNothing(verdicts);
                var document = new VerifyDocument(
                    files.Original,
                    files.Compressed,
                    new VerificationFacts(report),
                    [.. verdicts.Select(FidelityFacts.Of)],
                    !provesNothing && verdicts.All(verdict => verdict.Passed)
                );
                UnusedDataNotice.Write(files.Original, inputs, cancellationToken);
                if (parseResult.GetValue(json))
                    Console.Out.Write(JsonText.Of(document));
                else
                {
                    FidelityView.Show(document.Verification, document.Fidelity);
                    Screen.WriteLine(Verdict.Of(document, ModelDescription.Size(files.Original), ModelDescription.Size(files.Compressed)));
                }
                if (provesNothing)
                {
                    var why = $"The comparison is not conclusive: {FidelityWords.NotExercised(report)} with --data.";
                    Console.Error.WriteLine(Message.Error(new Failure(Codes.FidelityMissed, null, why), files.Original));
                }

                return document.Passed ? ExitCode.Good : ExitCode.Failed;
            }
        );
        return command;
    }
}
