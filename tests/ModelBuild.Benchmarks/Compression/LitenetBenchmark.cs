using System.Globalization;
using ModelBuild.Benchmarks.Models;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Measures recipes on the models with real data and prints them below the best result of Python's static quantizer. Recipes are fitted to the calibration
/// images and measured on the test images.
/// </summary>
internal static class LitenetBenchmark
{
    public static readonly string[] DefaultRecipes =
    [
        "int8",
        "int8(fast)",
        "int8(min-max)",
        "int8(everywhere=true)",
        "int8-weights",
        "int8-weights least-squares gptq",
        "int4",
        "int4 least-squares gptq",
    ];

    public static void Run(TextWriter output, IReadOnlyList<string> recipes)
    {
        output.WriteLine("| model | recipe | bytes | ratio | SQNR of the logits | accuracy | time / float32 |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (var model in CorpusModel.Litenet)
            Model(output, model, recipes);
    }

    private static void Model(TextWriter output, CorpusModel model, IReadOnlyList<string> recipes)
    {
        using var results = new LitenetRecipes(model);
        var times = results.Times(recipes);
        var original = new FileInfo(model.FullPath).Length;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {model.ShortName} | float32 | {original:N0} | 1.00 | | {results.Of(times.Keys.First()).Worst?.Accuracy?.Before:P2} | 1.00 |"
            )
        );
        if (PythonStatic.ByModel.GetValueOrDefault(model.ShortName) is { } python)
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {model.ShortName} | Python's best static | {python.BytesPerTensor:N0} or {python.BytesPerChannel:N0} | "
                        + $"{(double)python.BytesPerTensor / original:0.00} or {(double)python.BytesPerChannel / original:0.00} | "
                        + $"{python.SqnrDb:0.0} dB | {python.Accuracy:P2} | |"
                )
            );
        foreach (var recipe in recipes)
            output.WriteLine(Row(model, recipe, results.Of(recipe), times.GetValueOrDefault(recipe)));
    }

    private static string Row(CorpusModel model, string recipe, Measured result, double time) =>
        result.Receipt is not { } receipt
            ? $"| {model.ShortName} | `{recipe}` | | | {result.WhyNot} | | |"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"| {model.ShortName} | `{recipe}` | {receipt.Compressed.Bytes:N0} | "
                    + $"{(double)receipt.Compressed.Bytes / receipt.Original.Bytes:0.00} | "
                    + $"{result.Worst!.SqnrDb:0.0} dB | {result.Worst.Accuracy?.After:P2} | {time:0.00} |"
            );
}
