using System.Diagnostics;
using System.Globalization;
using ModelBuild.Benchmarks.Models;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Measures recipes with and without <c>reconstruct</c> on the Fashion-MNIST classifiers. The recipes are fitted to the calibration images alone, and the
/// figures are those of the test images.
/// </summary>
internal static class ReconstructBenchmark
{
    private static readonly (string Model, string Recipe, string Goal)[] Rows =
    [
        ("fashion-mobilenet", "int8(everywhere=true, bits=4)", ""),
        ("fashion-mobilenet", "int8(everywhere=true, bits=4) reconstruct", "91.6 %"),
    ];

    /// <summary>Prints the table.</summary>
    /// <param name="output">The writer of the table.</param>
    /// <param name="only">Parts of the names of the models to measure; empty for all.</param>
    public static void Run(TextWriter output, IReadOnlyList<string> only)
    {
        output.WriteLine("| model | recipe | goal | accuracy | points | SQNR | seconds |");
        output.WriteLine("|---|---|---|---:|---:|---:|---:|");
        var rows = Environment.GetEnvironmentVariable("R_RECIPES") is { } text ? [.. text.Split(';').SelectMany(recipe => only.Select(m => (m, recipe, "")))] : Rows;
        foreach (var group in rows.Where(row => only.Count == 0 || only.Any(part => row.Item1.Contains(part, StringComparison.Ordinal))).GroupBy(row => row.Item1))
        {
            using var results = new LitenetRecipes(CorpusModel.Litenet.Single(model => model.ShortName == group.Key));
            foreach (var (_, recipe, goal) in group)
            {
                var clock = Stopwatch.StartNew();
                var result = results.Of(recipe);
                output.WriteLine(
                    $"| {group.Key} | `{recipe}` | {goal} | "
                        + (
                            result.Worst is { Accuracy: { } accuracy } worst
                                ? string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"{accuracy.After:P2} | {-100 * accuracy.Loss:+0.00;−0.00;0.00} | {worst.SqnrDb:0.0} dB | {clock.Elapsed.TotalSeconds:0} |"
                                )
                                : $"{result.WhyNot} | | | |"
                        )
                );
            }
        }
    }
}
