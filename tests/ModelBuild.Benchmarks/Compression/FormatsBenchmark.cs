using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Compresses every model of the corpus in every format, and prints the size of the file, the error of the outputs, the speed and the skipped elements.
/// There is no budget, so the table also shows formats with large errors.
/// </summary>
internal static class FormatsBenchmark
{
    private const int Reasons = 2;

    private static readonly string[] Formats = ["int8(min-max)", "int8-dynamic", "int8-weights", "float16-weights", "int4", "int8-blocks", "float16"];

    /// <param name="output">The writer of the table.</param>
    /// <param name="only">Parts of the names of the models to measure; empty for all.</param>
    public static void Run(TextWriter output, IReadOnlyList<string> only)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine("| model | format | data | bytes / original | worst output | time / original | skipped |");
            output.WriteLine("|---|---|---|---:|---:|---:|---|");
            foreach (var model in CorpusModel.All.Where(model => only.Count == 0 || only.Any(part => model.Name.Contains(part, StringComparison.Ordinal))))
                Model(output, model, Directory.CreateDirectory(Path.Combine(folder.FullName, model.ShortName)).FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Model(TextWriter output, CorpusModel model, string folder)
    {
        var (run, whyNot) = Measured.Reference(model);
        if (run is null)
        {
            output.WriteLine($"| {model.ShortName} | | | | | | {whyNot} |");
            return;
        }

        using (run)
        {
            var isReal = model.Calibration.Count > 0;
            var calibration = isReal ? model.Calibration : SpeedInputs.Save([.. run.Samples.Read(CancellationToken.None)], model.FullPath, folder);
            var results = Formats
                .Select(
                    (format, i) =>
                        Measured.Of(
                            model,
                            format,
                            format.StartsWith("int8(", StringComparison.Ordinal) ? calibration : [],
                            run,
                            Path.Combine(folder, $"{i}.onnx"),
                            Target(format)
                        )
                )
                .ToArray();
            var smaller = results.Where(IsSmaller).ToList();
            var times = Speed.Measure(Measured.One(model), [model.FullPath, .. smaller.Select(result => result.Path!)]);
            foreach (var (format, result) in Formats.Zip(results))
                output.WriteLine(
                    Row(model, format, isReal ? "real" : "synthetic", result, smaller.Contains(result) ? times[1 + smaller.IndexOf(result)].Ratio : null)
                );
        }
    }

    // Formats for accelerators are compared with the rounding of accelerators, although their times are those of the CPU.
    private static TargetProfile Target(string format) => format == "float16" ? TargetProfile.Parse("cuda") : TargetProfile.Default;

    private static bool IsSmaller(Measured result) => result.Receipt is { Steps.Count: > 0 };

    private static string Row(CorpusModel model, string format, string data, Measured result, double? time)
    {
        if (result.Receipt is not { } receipt)
            return $"| {model.ShortName} | `{format}` | {data} | | | | {result.WhyNot} |";
        if (!IsSmaller(result))
            return $"| {model.ShortName} | `{format}` | {data} | 1.00 | | | "
                + $"all: {(receipt.Warnings is [var warning, ..] ? warning.Text : receipt.Attempts[^1].Why)} |";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {model.ShortName} | `{format}` | {data} | {(double)receipt.Compressed.Bytes / receipt.Original.Bytes:0.00} | "
                + $"{Nearness(result)} | {time:0.00} | {Skipped(receipt)} |"
        );
    }

    private static string Nearness(Measured result) =>
        result.Worst is not { } worst ? "no measurements"
        : worst.SqnrDb >= OutputFidelity.IdenticalDb ? "identical"
        : string.Create(CultureInfo.InvariantCulture, $"{worst.SqnrDb:0.0} dB");

    // Skipped elements are grouped by reason, with the most frequent reason first.
    private static string Skipped(Receipt receipt)
    {
        var reasons = receipt
            .Steps.Skip(1)
            .SelectMany(step => step.Skipped.Select(left => left.Why).Concat(step.Nodes.Where(node => node.Why.Length > 0).Select(node => node.Why)))
            .GroupBy(why => why)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToArray();
        var more = reasons.Skip(Reasons).Sum(group => group.Count());
        return string.Join("; ", [.. reasons.Take(Reasons).Select(group => $"{group.Count()} × {group.Key}"), .. more > 0 ? new[] { $"{more} more" } : []])
            .Replace("|", "\\|", StringComparison.Ordinal);
    }
}
