using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Compresses every model of the corpus with one recipe, and prints the size, the outputs and the speed of the results. Speed is a ratio of interleaved
/// calls on one thread without spinning. Models with real data are fitted to their calibration images and measured on their test images.
/// </summary>
internal static class CorpusBenchmark
{
    public static void Run(TextWriter output, string recipe)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine($"| model, recipe `{recipe}` | bytes | compressed | ratio | steps | worst output | accuracy | measured on | time / original |");
            output.WriteLine("|---|---:|---:|---:|---|---|---|---|---:|");
            foreach (var model in CorpusModel.All)
                output.WriteLine(Row(model, recipe, folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Row(CorpusModel model, string recipe, string folder)
    {
        var result = Path.Combine(folder, model.ShortName + ".onnx");
        Receipt receipt;
        try
        {
            receipt = Compressor.Compress(
                new CompressionRequest(model.FullPath, result)
                {
                    DisplayName = model.Name,
                    Recipe = RecipeParser.Parse(recipe),
                    CalibrationData = model.Calibration,
                }
            );
        }
        catch (CompressionException exception)
        {
            return $"| {model.Name} | | | | {exception.Code}: {exception.Message} | | | | |";
        }

        var (nearness, accuracy) = CompareOutputs(model, result, receipt);
        var sample = receipt.Verification is null ? null : Measured.One(model);
        var time = sample is null ? "" : Speed.Measure(sample, [model.FullPath, result])[1].Ratio.ToString("0.00", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {model.Name} | {receipt.Original.Bytes:N0} | "
                + $"{receipt.Compressed.Bytes:N0} | {(double)receipt.Compressed.Bytes / receipt.Original.Bytes:0.00} | "
                + $"{(receipt.Recipe.Steps.Count == 0 ? "the original" : string.Join(' ', receipt.Recipe.Steps))} | "
                + $"{nearness} | {(accuracy is null ? "" : $"{accuracy.Before:P2} → {accuracy.After:P2}")} | "
                + $"{(model.Test.Count > 0 ? "test images" : receipt.Verification is null ? "" : "synthetic inputs")} | {time} |"
        );
    }

    // The outputs are compared on the test images if there are any, because the figures of the receipt are those of the images that the result is fitted to.
    private static (string? Nearness, Accuracy? Accuracy) CompareOutputs(CorpusModel model, string result, Receipt receipt)
    {
        if (model.Test.Count == 0)
            return (FidelityFacts.Worst(receipt.Fidelity)?.Nearness, null);
        var facts = ModelVerification.Verify(model.FullPath, result, model.Test, new FidelityBudget()).Verdicts.Select(FidelityFacts.Of).ToArray();
        return (FidelityFacts.Worst(facts)?.Nearness, facts.FirstOrDefault(fact => fact.Accuracy is not null)?.Accuracy);
    }
}
