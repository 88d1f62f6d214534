using System.Globalization;
using ModelBuild.Benchmarks.Models;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Compares all methods to find ranges, without and with recovery steps, on all models with real data. The default method follows from this table.
/// </summary>
internal static class CalibrationBenchmark
{
    private const string Recovery = " least-squares gptq coordinate-descent";

    private static readonly string[] Methods = ["min-max", "moving-average", "mean", "percentile", "entropy", "mse"];

    public static void Run(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine(
                "The figures are the SQNR of the logits on the test images in dB, with every layer in int8. "
                    + $"The second figure is with `{Recovery.Trim()}` after it."
            );
            output.WriteLine();
            output.WriteLine($"| model | {string.Join(" | ", Methods.Select(method => $"`{method}`"))} |");
            output.WriteLine($"|---|{string.Concat(Methods.Select(_ => "---:|"))}");
            foreach (var model in CorpusModel.Litenet)
            {
                using var reference = Measured.Reference(model).Run!;
                var result = Path.Combine(folder.FullName, "result.onnx");
                var cells = Methods.Select(method =>
                    string.Join(
                        " / ",
                        new[] { "", Recovery }
                            .Select(recovery => Measured.Of(model, $"int8({method}, everywhere=true){recovery}", model.Calibration, reference, result))
                            .Select(Cell)
                    )
                );
                output.WriteLine($"| {model.ShortName} | {string.Join(" | ", cells)} |");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Cell(Measured measured) => measured.Worst?.SqnrDb.ToString("0.0", CultureInfo.InvariantCulture) ?? measured.WhyNot!;
}
