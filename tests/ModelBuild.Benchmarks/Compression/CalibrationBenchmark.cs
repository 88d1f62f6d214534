using System.Globalization;
using ModelBuild.Benchmarks.Models;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>The table that chose how ranges are found by default: every method, without and with recovery, on every model with real data.</summary>
internal static class CalibrationBenchmark
{
    private const string Recovery = " least-squares gptq coordinate-descent";

    private static readonly string[] Methods = ["min-max", "moving-average", "mean", "percentile", "entropy", "mse"];

    public static void Run(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine($"SQNR of the logits on the test images in dB; every layer in int8. Second figure: with `{Recovery.Trim()}` behind it.");
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
