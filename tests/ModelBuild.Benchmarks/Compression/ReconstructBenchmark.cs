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
    // The input image and the logits in 8 bits, and the weights of the first and the last layer.
    private const string Ends = "layers=*f.0*:w8+a8|Gemm:w8+a8";

    private static readonly (string Format, double[] Goals)[] Formats =
    [
        ("int8(everywhere=true, bits=4)", [91.6, 93.5]),
        ("int8(everywhere=true, bits=3)", []),
        ("int8(everywhere=true, bits=2)", []),
        ("int8(everywhere=true, bits=4, activation-bits=4)", [90.7, 93.1]),
        ($"int8(everywhere=true, bits=4, activation-bits=4, {Ends})", [90.7, 93.1]),
        ("int4 least-squares gptq", []),
    ];

    private static readonly string[] Models = ["fashion-mobilenet", "fashion-resnet"];

    /// <summary>Prints the table.</summary>
    /// <param name="output">The writer of the table.</param>
    /// <param name="only">Parts of the names of the models to measure; empty for all.</param>
    public static void Run(TextWriter output, IReadOnlyList<string> only)
    {
        output.WriteLine("| model | recipe | goal | accuracy | points | SQNR | seconds |");
        output.WriteLine("|---|---|---|---:|---:|---:|---:|");
        foreach (var (index, name) in Models.Index().Where(model => only.Count == 0 || only.Any(part => model.Item.Contains(part, StringComparison.Ordinal))))
        {
            using var results = new LitenetRecipes(CorpusModel.Litenet.Single(model => model.ShortName == name));
            foreach (var (format, goals) in Formats)
            {
                output.WriteLine(Row(results, name, format, goal: ""));
                output.WriteLine(Row(results, name, $"{format} reconstruct", goals.Length == 0 ? "" : FormattableString.Invariant($"{goals[index]:0.0} %")));
            }
        }
    }

    private static string Row(LitenetRecipes results, string model, string recipe, string goal)
    {
        var clock = Stopwatch.StartNew();
        var result = results.Of(recipe);
        var head = $"| {model} | `{recipe}` | {goal} |";
        return result.Worst is { Accuracy: { } accuracy } worst
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{head} {accuracy.After:P2} | {-100 * accuracy.Loss:+0.00;−0.00;0.00} | {worst.SqnrDb:0.0} dB | {clock.Elapsed.TotalSeconds:0} |"
            )
            : $"{head} {result.WhyNot} | | | |";
    }
}
