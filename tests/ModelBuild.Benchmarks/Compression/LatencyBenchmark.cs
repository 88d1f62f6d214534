using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Testing;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Measures the time of each recipe's result relative to the original, in interleaved calls in one process, on one thread that stays on one core, without
/// spinning. The generated models are first, then those of the corpus. Results are not verified.
/// </summary>
internal static class LatencyBenchmark
{
    /// <param name="output">The writer of the table.</param>
    /// <param name="recipes">The recipes, each of which is a column.</param>
    /// <param name="only">A part of the names of the models to measure; empty for all.</param>
    public static void Run(TextWriter output, IReadOnlyList<string> recipes, string only)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine($"| model | original, ms | {string.Join(" | ", recipes.Select(recipe => $"`{recipe}`"))} |");
            output.WriteLine($"|---|---:|{string.Concat(recipes.Select(_ => "---:|"))}");
            foreach (var generated in GeneratedModel.All.Where(model => model.Name.Contains(only, StringComparison.Ordinal)))
            {
                var path = generated.Save(folder.FullName);
                output.WriteLine(Row(generated.Name, path, recipes, folder.FullName));
                File.Delete(path);
            }

            foreach (var model in Corpus.Models().Where(model => model.Contains(only, StringComparison.Ordinal)))
                output.WriteLine(Row(model, Path.Combine(Corpus.Root, model), recipes, folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Row(string name, string path, IReadOnlyList<string> recipes, string folder)
    {
        if (SpeedInputs.Find(path) is not { } samples)
            return $"| {name} | the model runs on no synthetic inputs |{string.Concat(recipes.Select(_ => " |"))}";
        var data = SpeedInputs.Save(samples, path, folder);
        var cells = recipes.Select((recipe, i) => Compress(path, Path.Combine(folder, $"{i}.onnx"), recipe, data)).ToArray();
        var smaller = Enumerable.Range(0, recipes.Count).Where(i => cells[i] is null).ToList();
        var measured = Speed.Measure(samples[0], [path, .. smaller.Select(i => Path.Combine(folder, $"{i}.onnx"))]);
        var times = cells.Select((cell, i) => cell ?? measured[1 + smaller.IndexOf(i)].Ratio.ToString("0.00", CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {measured[0].Nanoseconds / 1e6:0.000} | {string.Join(" | ", times)} |");
    }

    /// <returns>The reason if there is no result; otherwise null.</returns>
    private static string? Compress(string path, string result, string recipe, IReadOnlyList<string> data)
    {
        try
        {
            var receipt = Compressor.Compress(
                new CompressionRequest(path, result)
                {
                    Recipe = RecipeParser.Parse(recipe),
                    CalibrationData = data,
                    Verify = false,
                }
            );
            return receipt.Recipe.Steps.Count == 0 ? "original" : null;
        }
        catch (CompressionException exception)
        {
            return exception.Code;
        }
    }
}
