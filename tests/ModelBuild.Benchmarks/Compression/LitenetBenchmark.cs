using System.Globalization;
using ModelBuild.Benchmarks.Models;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Recipes on the models with real data: fitted to the calibration images, measured on the test images, beside the best of Python's static quantizer.
/// </summary>
internal static class LitenetBenchmark
{
    public static readonly string[] DefaultRecipes =
    [
        "int8", "int8(fast)", "int8(min-max)", "int8(everywhere=true)", "int8-weights", "int8-weights least-squares gptq", "int4", "int4 least-squares gptq",
    ];

    public static void Run(TextWriter output, IReadOnlyList<string> recipes)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine("| model | recipe | bytes | ratio | SQNR of the logits | accuracy | time / float32 |");
            output.WriteLine("|---|---|---:|---:|---:|---:|---:|");
            foreach (var model in CorpusModel.Litenet)
                Model(output, model, recipes, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Model(TextWriter output, CorpusModel model, IReadOnlyList<string> recipes, string folder)
    {
        using var reference = Measured.Reference(model).Run!;
        var results = recipes.Select((recipe, i) => Measured.Of(model, recipe, model.Calibration, reference, Path.Combine(folder, $"{i}.onnx"))).ToArray();
        var made = results.Where(result => result.Path is not null).ToList();
        var times = Speed.Measure(Measured.One(model), [model.FullPath, .. made.Select(result => result.Path!)]);
        var original = new FileInfo(model.FullPath).Length;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {model.ShortName} | float32 | {original:N0} | 1.00 | | {made[0].Worst?.Accuracy?.Before:P2} | 1.00 |"));
        if (PythonStatic.ByModel.GetValueOrDefault(model.ShortName) is { } python)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {model.ShortName} | Python's best static | {python.BytesPerTensor:N0} or {python.BytesPerChannel:N0} | {(double)python.BytesPerTensor / original:0.00} or {(double)python.BytesPerChannel / original:0.00} | {python.SqnrDb:0.0} dB | {python.Accuracy:P2} | |"));
        foreach (var (recipe, result) in recipes.Zip(results))
            output.WriteLine(Row(model, recipe, result, result.Path is null ? 0 : times[1 + made.IndexOf(result)].Ratio));
    }

    private static string Row(CorpusModel model, string recipe, Measured result, double time) => result.Receipt is not { } receipt
        ? $"| {model.ShortName} | `{recipe}` | | | {result.WhyNot} | | |"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"| {model.ShortName} | `{recipe}` | {receipt.Compressed.Bytes:N0} | {(double)receipt.Compressed.Bytes / receipt.Original.Bytes:0.00} | {result.Worst!.SqnrDb:0.0} dB | {result.Worst.Accuracy?.After:P2} | {time:0.00} |");
}
