using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Compresses every model of the corpus with one recipe, and prints what became of size, answers and speed. Speed is a ratio of interleaved calls,
/// one thread, no spinning.
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
            foreach (var model in Corpus.Models())
                output.WriteLine(Row(model, recipe, folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Row(string model, string recipe, string folder)
    {
        var path = Path.Combine(Corpus.Root, model);
        var result = Path.Combine(folder, Path.GetFileName(model));
        var request = new CompressionRequest(path, result) { DisplayName = model, Recipe = RecipeParser.Parse(recipe), CalibrationData = RealData(model) };
        Receipt receipt;
        try
        {
            receipt = Compressor.Compress(request);
        }
        catch (ModelBuild.Compression.Diagnostics.CompressionException exception)
        {
            return $"| {model} | | | | {exception.Code}: {exception.Message} | | | | |";
        }

        var worst = FidelityFacts.Worst(receipt.Fidelity);
        var accuracy = receipt.Fidelity.FirstOrDefault(fidelity => fidelity.Accuracy is not null)?.Accuracy;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {model} | {receipt.Original.Bytes:N0} | {receipt.Compressed.Bytes:N0} | {(double)receipt.Compressed.Bytes / receipt.Original.Bytes:0.00} | {(receipt.Recipe.Steps.Count == 0 ? "the original" : string.Join(' ', receipt.Recipe.Steps))} | {worst?.Nearness} | {(accuracy is null ? "" : $"{accuracy.Before:P2} → {accuracy.After:P2}")} | {receipt.Verification?.Inputs} | {TimeRatio(path, result)} |");
    }

    // The test sets: what the figures are about. The calibration sets are for fitting.
    private static string[] RealData(string model) =>
        model.StartsWith("litenet/fashion", StringComparison.Ordinal) ? [Path.Combine(Corpus.Root, "litenet/fashion-test.npz")]
        : model.StartsWith("litenet/", StringComparison.Ordinal) ? [Path.Combine(Corpus.Root, "litenet/mnist-test.npz")]
        : [];

    private static string TimeRatio(string original, string compressed)
    {
        var model = OnnxModel.Load(original);
        var signature = SignatureReader.Read(model);
        using var reference = ReferenceRun.Record(model, original, signature, [], CancellationToken.None).Run;
        if (reference?.Samples.Read(CancellationToken.None).First() is not { } sample)
            return "";
        using var before = new ModelRunner(Open(original));
        using var after = new ModelRunner(Open(compressed));
        var measured = Interleaved.Measure([("original", () => before.Run(sample, CancellationToken.None)), ("compressed", () => after.Run(sample, CancellationToken.None))]);
        return measured[1].Ratio.ToString("0.00", CultureInfo.InvariantCulture);
    }

    private static InferenceSession Open(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(path, options);
    }
}
