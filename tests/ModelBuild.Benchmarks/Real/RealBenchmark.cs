using System.Globalization;
using System.Text.Json;
using ModelBuild.Benchmarks.Compression;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Real;

/// <summary>Runs the program with <c>auto</c> on models with real inputs. Measures the time and memory, and compares the outputs on inputs that no step is
/// fitted to.</summary>
internal static class RealBenchmark
{
    /// <param name="output">The writer of the table.</param>
    /// <param name="names">Parts of the names of the models; empty for all.</param>
    public static void Run(TextWriter output, IReadOnlyList<string> names)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine(
                "| model | processor seconds | Python's | peak MB | bytes | bytes after | recipe kept | outputs on test inputs | Python's | time / original |"
            );
            output.WriteLine("|---|---:|---:|---:|---:|---:|---|---|---|---:|");
            foreach (var model in RealModels.All.Where(model => names.Count == 0 || names.Any(name => model.Name.Contains(name, StringComparison.Ordinal))))
                output.WriteLine(
                    model.File(folder.FullName) is { } file
                        ? Row(model, file, folder.FullName)
                        : $"| {model.Name} | neither the corpus nor the package feed has the model | | | | | | | | |"
                );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Row(RealModel model, string file, string folder)
    {
        var result = Path.Combine(folder, $"{model.Name}-compressed.onnx");
        var (calibration, test) = (model.Save(file, folder, isTest: false), model.Save(file, folder, isTest: true));
        var cost = ProcessCost.Of("dotnet", [CostBenchmark.Program(), "compress", file, "--calibration-data", calibration, "-o", result, "--json"]);
        var signature = SignatureReader.Read(OnnxModel.Load(file, new OnnxLoadOptions { SkipWeights = true }));
        var samples = new CalibrationFiles([test], signature);
        var fidelity = model.Name == "minilm" ? SentenceVectors.Compare(file, result, samples) : CompareOutputs(file, result, test);
        var time = Speed.Measure(samples.Read(CancellationToken.None).First(), [file, result])[1];
        File.Delete(calibration);
        File.Delete(test);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {model.Name} | {cost.ProcessorSeconds:0.0} | {PythonFigures.ProcessorSeconds(model.Name):0.0} | "
                + $"{cost.PeakBytes / 1e6:0} | {new FileInfo(file).Length:N0} | {new FileInfo(result).Length:N0} | `{Kept(cost.Output)}` | "
                + $"{fidelity} | {PythonFigures.Fidelity(model.Name)} | {time.Ratio:0.00} |"
        );
    }

    private static string Kept(string json)
    {
        using var receipt = JsonDocument.Parse(json);
        return receipt
            .RootElement.GetProperty("attempts")
            .EnumerateArray()
            .Last()
            .GetProperty("recipe")
            .GetString()!
            .Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string CompareOutputs(string file, string result, string test)
    {
        var original = OnnxModel.Load(file, new OnnxLoadOptions { SkipWeights = true });
        var (reference, whyNot) = ReferenceRun.Record(original, file, SignatureReader.Read(original), [test], CancellationToken.None);
        using (reference)
            return reference is null
                ? whyNot!
                : string.Join("; ", reference.Compare(result, onCall: null, CancellationToken.None).Outputs.Where(output => output.IsFloat).Select(Text));
    }

    private static string Text(OutputFidelity output)
    {
        var top =
            output.Accuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $", accuracy {accuracy.Before:0.0 %} to {accuracy.After:0.0 %}")
            : output.Top1Agreement is { } same ? string.Create(CultureInfo.InvariantCulture, $", top-1 agreement {same:0.0 %}")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{output.Output} {output.SqnrDb:0.0} dB{top}");
    }
}
