using System.Globalization;
using System.Runtime.InteropServices;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>Measures the time and peak memory of whole processes that compress models of ResNet-50's and BERT-base's size.</summary>
internal static class CostBenchmark
{
    private const int Runs = 3;
    private const int Samples = 32;
    private const int Tokens = 64;

    private static readonly string[] Recipes = ["int8-dynamic", "int8-dynamic(per-channel=false)", "float16-weights", "int8-weights"];

    // These recipes are calibrated on 32 images, as the recipes of Python's figures are.
    private static readonly string[] Calibrated = ["int8(min-max)", "int8(percentile)", "int8(entropy)", "int8(mse)"];

    // These steps change weights in float32 and need at most twice the model's size in memory.
    private static readonly string[] Rewriting = ["optimize", "float16", "prune(0.5)", "prune-channels(0.3)", "low-rank(0.5)", "cluster(16)"];

    public static void Run(TextWriter output, IReadOnlyList<string> recipes)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine(
                $"The figures are the best time and the largest memory of {Runs} runs. `t / Python` and `memory / Python` are relative to "
                    + "onnxruntime 1.21's Python quantizer on the same kind of machine, which does not verify its results."
            );
            output.WriteLine();
            output.WriteLine("| model | job | seconds | processor seconds | peak MB | peak / size | t / Python | memory / Python |");
            output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
            Model(output, GeneratedModel.ResNet50, folder.FullName, recipes is [] ? [.. Recipes, .. Calibrated] : [.. recipes.Except(Rewriting)], []);
            Model(
                output,
                GeneratedModel.Bert,
                folder.FullName,
                recipes is [] ? Recipes : [.. recipes.Except(Calibrated).Except(Rewriting)],
                recipes is [] ? Rewriting : [.. recipes.Intersect(Rewriting)]
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Loads and saves a model. This is the measured process of the first job.</summary>
    public static void LoadAndSave(string source, string target) => OnnxModel.Load(source).Save(target);

    private static void Model(TextWriter output, GeneratedModel generated, string folder, IReadOnlyList<string> recipes, string[] rewriting)
    {
        var model = generated.Save(folder);
        var result = Path.Combine(folder, "result.onnx");
        var bytes = new FileInfo(model).Length;
        output.WriteLine(
            Row(generated.Name, "load and save", bytes, Measure(Environment.ProcessPath!, [.. Self(), "round-trip", model, result]), python: null)
        );
        foreach (var recipe in recipes)
        {
            string[] compress = [.. Compress(model, recipe, result), .. Calibrated.Contains(recipe) ? Data(model, folder, Image) : []];
            var python = PythonQuantizer.Of(generated.Name, recipe);
            output.WriteLine(Row(generated.Name, $"`{recipe}`", bytes, Measure("dotnet", [.. compress, "--no-verify"]), python));
            output.WriteLine(Row(generated.Name, $"`{recipe}`, verified", bytes, Measure("dotnet", compress), python));
        }

        if (rewriting.Length > 0)
            Steps(output, generated.Name, model, folder, rewriting);
        File.Delete(model);
    }

    // Each step runs without data and with data, because fitting layers to data needs much more arithmetic.
    private static void Steps(TextWriter output, string name, string model, string folder, string[] recipes)
    {
        var result = Path.Combine(folder, "result.onnx");
        var bytes = new FileInfo(model).Length;
        var data = Data(model, folder, Text);
        foreach (var recipe in recipes)
        {
            string[] compress = [.. Compress(model, recipe, result), "--no-verify"];
            output.WriteLine(Row(name, $"`{recipe}`", bytes, Measure("dotnet", compress), python: null));
            if (recipe is not ("optimize" or "float16"))
                output.WriteLine(Row(name, $"`{recipe}` on {Samples} samples, once", bytes, ProcessCost.Of("dotnet", [.. compress, .. data]), python: null));
        }
    }

    private static string[] Compress(string model, string recipe, string result) =>
        [Program(), "compress", model, "--compression", recipe, "--min-sqnr", "0", "--max-accuracy-loss", "100%", "-o", result];

    private static string[] Data(string model, string folder, Func<Random, Sample> make)
    {
        var random = new Random(1);
        SpeedInputs.Save([.. Enumerable.Range(0, Samples).Select(_ => make(random))], model, folder);
        return ["--calibration-data", Path.Combine(folder, "test_data_set_*", "input_*.pb")];
    }

    private static Sample Image(Random random)
    {
        long[] shape = [1, 3, 224, 224];
        var pixels = Array.ConvertAll(new float[SampleArray.Count(shape)], _ => random.NextSingle());
        return new Sample(
            new Dictionary<string, SampleArray> { ["image"] = new(TensorProto.Types.DataType.Float, shape, MemoryMarshal.AsBytes<float>(pixels).ToArray()) },
            Labels: null
        );
    }

    private static Sample Text(Random random)
    {
        var ids = Array.ConvertAll(new long[Tokens], _ => random.NextInt64(30_000));
        return new Sample(
            new Dictionary<string, SampleArray>
            {
                ["input_ids"] = new(TensorProto.Types.DataType.Int64, [1, Tokens], MemoryMarshal.AsBytes<long>(ids).ToArray()),
            },
            Labels: null
        );
    }

    private static ProcessCost Measure(string program, string[] arguments) =>
        ProcessCost.Best([.. Enumerable.Range(0, Runs).Select(_ => ProcessCost.Of(program, arguments))]);

    private static string Row(string model, string job, long bytes, ProcessCost cost, (double Seconds, double Megabytes)? python) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {model} | {job} | {cost.Seconds:0.00} | {cost.ProcessorSeconds:0.00} | {cost.PeakBytes / 1e6:0} | "
                + $"{(double)cost.PeakBytes / bytes:0.00} | {cost.Seconds / python?.Seconds:0.00} | {cost.PeakBytes / 1e6 / python?.Megabytes:0.00} |"
        );

    // With `dotnet program.dll` the process is dotnet, and the program is its first argument.
    internal static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    /// <summary>The program's library, built in the configuration of this one.</summary>
    internal static string Program() => Path.Combine(Corpus.Repository, "src", "ModelBuild.Cli", "bin", Configuration(), "net10.0", "modelbuild.dll");

    private static string Configuration() => Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;
}
