using System.Diagnostics;
using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Measures recipes that train on the small classifiers: the accuracy on the test images, which no step has read, with the training images of the corpus as
/// training data and the calibration images for all other steps.
/// </summary>
internal static class TrainingBenchmark
{
    private static readonly (string Model, string Recipe)[] Rows =
    [
        ("litenet-fc", "prune(0.9) fine-tune"),
        ("litenet-fc", "cluster(4) fine-tune"),
        ("fashion-resnet", "prune-channels(0.5)"),
        ("fashion-resnet", "prune-channels(0.5) fine-tune"),
        ("fashion-resnet", "prune(0.8) fine-tune"),
        ("fashion-mobilenet", "int4"),
        ("fashion-mobilenet", "int4 fine-tune"),
        ("fashion-mobilenet", "int8(everywhere=true) fine-tune"),
    ];

    /// <summary>Prints the table.</summary>
    /// <param name="output">The writer of the table.</param>
    /// <param name="only">Parts of the names of the models to measure; empty for all.</param>
    public static void Run(TextWriter output, IReadOnlyList<string> only)
    {
        output.WriteLine("| model | recipe | accuracy, float32 | accuracy | points | SQNR | bytes / float32 | seconds |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        foreach (var (name, recipe) in Rows.Where(row => only.Count == 0 || only.Any(part => row.Model.Contains(part, StringComparison.Ordinal))))
            output.WriteLine(Row(CorpusModel.Litenet.Single(model => model.ShortName == name), recipe, Path.Combine(folder.FullName, "result.onnx")));
        folder.Delete(recursive: true);
    }

    private static string Row(CorpusModel model, string recipe, string result)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var receipt = Compressor.Compress(
                new CompressionRequest(model.FullPath, result)
                {
                    DisplayName = model.Name,
                    Recipe = RecipeParser.Parse(recipe),
                    CalibrationData = model.Calibration,
                    TrainingData = [model.Calibration[0].Replace("-calibration", "-train", StringComparison.Ordinal)],
                    Train = true,
                    Verify = false,
                }
            );
            var seconds = clock.Elapsed.TotalSeconds;
            using var reference = Measured.Reference(model).Run!;
            var worst = reference.Compare(result, onCall: null, CancellationToken.None).Outputs.Where(output => output.IsFloat).MinBy(output => output.SqnrDb)!;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {model.ShortName} | `{recipe}` | {worst.Accuracy!.Before:P2} | {worst.Accuracy.After:P2} | {-100 * worst.Accuracy.Loss:+0.00;−0.00;0.00} | "
                    + $"{worst.SqnrDb:0.0} dB | {(double)receipt.Compressed.Bytes / receipt.Original.Bytes:0.00} | {seconds:0} |"
            );
        }
        catch (CompressionException exception)
        {
            return $"| {model.ShortName} | `{recipe}` | | {exception.Code}: {exception.Message} | | | | |";
        }
    }
}
