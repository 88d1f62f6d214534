using System.Diagnostics;
using System.Globalization;
using ModelBuild.Benchmarks.Compression;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Runtime;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>
/// Measures the images per second that callers get from one model, with single images and in batches, and its memory: with one session, with several
/// concurrent runs, and in two stages. All cores are used, without spinning.
/// </summary>
internal static class ThroughputBenchmark
{
    private const int Stages = 2;

    public static void Run(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine("| model | runs | callers | images per call | images per second | ratio | memory, MB |");
            output.WriteLine("|---|---|---:|---:|---:|---:|---:|");
            if (CallsBenchmark.DigitModel() is { } digits)
                Measure(output, "litenet-conv", digits, folder.FullName, atOnce: 2048);
            Measure(output, "resnet50", GeneratedModel.ResNet50.Save(folder.FullName), folder.FullName, atOnce: 16);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Prints the additional bytes that this process needs for a model. The measured process calls this method.</summary>
    public static void PrintResident(TextWriter output, string model, string path, int parallel)
    {
        var contract = Contract("model", model, File.Exists(path) ? [] : StageFiles.Of(path, Stages));
        Microsoft.ML.OnnxRuntime.OrtEnv.Instance();
        var before = ProcessBytes();
        using var host = ModelHost.OpenFile(contract, path, new ModelOptions { Spinning = false, Parallel = parallel });
        host.WarmUp();
        output.Write((ProcessBytes() - before).ToString(CultureInfo.InvariantCulture));
    }

    private static void Measure(TextWriter output, string name, string path, string folder, int atOnce)
    {
        var cut = Path.Combine(folder, $"{name}.cut.onnx");
        var receipt = Compressor.Compress(new CompressionRequest(path, cut) { Recipe = RecipeParser.Parse("none"), Stages = Stages });
        var whole = Path.Combine(folder, $"{name}.whole.onnx");
        File.Copy(path, whole, overwrite: true);
        var contract = Contract(name, path, StageFiles.Of(cut, Stages));
        var processors = Environment.ProcessorCount;
        var shared = new ModelOptions { Spinning = false };

        var lanes = shared with { Parallel = processors };
        using var plain = ModelHost.OpenFile(contract, whole, shared);
        using var parallel = ModelHost.OpenFile(contract, whole, lanes);
        using var pipeline = ModelHost.OpenFile(contract, cut, shared);
        var (plainBytes, parallelBytes, pipelineBytes) = (Resident(path, whole, 1), Resident(path, whole, processors), Resident(path, cut, 1));
        var (many, batch) = (2 * processors, atOnce / 2);
        (string How, ModelHost Host, int Callers, int Rows, long Bytes)[] ways =
        [
            ("one session", plain, 1, 1, plainBytes),
            ("one session", plain, many, 1, plainBytes),
            ("one session", plain, 1, batch, plainBytes),
            ($"Parallel = {processors}", parallel, 1, 1, parallelBytes),
            ($"Parallel = {processors}", parallel, many, 1, parallelBytes),
            ($"Parallel = {processors}", parallel, 1, batch, parallelBytes),
            ($"{Stages} stages", pipeline, 1, 1, pipelineBytes),
            ($"{Stages} stages", pipeline, many, 1, pipelineBytes),
        ];
        var measured = Interleaved.Measure([.. ways.Select(way => (way.How, (Action)(() => Call(way.Host, way.Callers, way.Rows, atOnce / way.Rows))))]);
        foreach (var (way, measurement) in ways.Zip(measured))
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {way.How} | {way.Callers} | {way.Rows} | {atOnce / measurement.Nanoseconds * 1e9:N0} | "
                        + $"{1 / measurement.Ratio:0.00} | {way.Bytes / 1e6:N0} |"
                )
            );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| | stages of {string.Join(" and ", receipt.Partition!.Stages.Select(stage => $"{stage.MultiplyAdds / 1e6:N1} million"))} "
                    + $"multiply-adds, {receipt.Partition.Stages[1].CrossingBytes:N0} bytes between them | | | | | |"
            )
        );
    }

    // Returns the additional memory of a separate process after it has loaded and run the model.
    private static long Resident(string model, string path, int parallel)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            [.. CostBenchmark.Self(), "resident", model, path, parallel.ToString(CultureInfo.InvariantCulture)]
        )
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        return long.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }

    private static long ProcessBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static void Call(ModelHost host, int callers, int rows, int calls)
    {
        var left = calls;
        var others = Enumerable
            .Range(1, callers - 1)
            .Select(_ => Task.Factory.StartNew(CallOn, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        CallOn();
        Task.WaitAll(others);

        void CallOn()
        {
            var input = host.Contract.Inputs[0];
            var pixels = new float[rows * input.Shape!.Skip(1).Aggregate(1L, (product, size) => product * size.Size!.Value)];
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var call = host.Rent();
                call.Write<float>(0, pixels);
                call.Run().Dispose();
            }
        }
    }

    // The model has one input and one output, both with rows of a fixed size.
    private static ModelContract Contract(string name, string path, IReadOnlyList<string> stages)
    {
        var signature = SignatureReader.Read(OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }));
        return new ModelContract(
            name,
            path,
            signature.Hash(),
            ModelLocation.None,
            ["cpu"],
            [.. signature.Inputs.Select(Tensor)],
            [.. signature.Outputs.Select(Tensor)],
            [ShapeVariable.FromLength(0, 0, 0)],
            stages
        );
    }

    private static TensorContract Tensor(ValueSignature value) =>
        TensorContract.Of(
            value.Name,
            value.Type,
            [.. value.Shape!.Select(size => size.Size is { } known ? (TensorDimension)known : (TensorDimension)size.Name!)]
        );
}
