using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Runtime;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>Calls a second that several callers get of one model: plain, in several runs at once, and in two stages. All processors, no spinning, one picture a call.</summary>
internal static class ThroughputBenchmark
{
    private const int Stages = 2;

    public static void Run(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            output.WriteLine("| model | runs | callers | calls a second | ratio |");
            output.WriteLine("|---|---|---:|---:|---:|");
            if (CallsBenchmark.DigitModel() is { } digits)
                Measure(output, "litenet-conv", digits, folder.FullName, callsAtOnce: 2000);
            Measure(output, "resnet50", GeneratedModel.ResNet50.Save(folder.FullName), folder.FullName, callsAtOnce: 8);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(TextWriter output, string name, string path, string folder, int callsAtOnce)
    {
        var cut = Path.Combine(folder, $"{name}.cut.onnx");
        var receipt = Compressor.Compress(new CompressionRequest(path, cut) { Recipe = RecipeParser.Parse("none"), Stages = Stages });
        var whole = Path.Combine(folder, $"{name}.whole.onnx");
        File.Copy(path, whole, overwrite: true);
        var contract = Contract(name, path, StageFiles.Of(cut, Stages));
        var processors = Environment.ProcessorCount;
        var shared = new ModelOptions { Spinning = false };

        using var plain = ModelHost.OpenFile(contract, whole, shared);
        using var parallel = ModelHost.OpenFile(contract, whole, shared with { Parallel = processors });
        using var pipeline = ModelHost.OpenFile(contract, cut, shared);
        var many = 2 * processors;
        (string How, ModelHost Host, int Callers)[] ways =
        [
            ("one session", plain, 1), ("one session", plain, many), ($"Parallel = {processors}", parallel, 1), ($"Parallel = {processors}", parallel, many), ($"{Stages} stages", pipeline, 1), ($"{Stages} stages", pipeline, many),
        ];
        var measured = Interleaved.Measure([.. ways.Select(way => (way.How, (Action)(() => Call(way.Host, way.Callers, callsAtOnce))))]);
        foreach (var (way, measurement) in ways.Zip(measured))
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {way.How} | {way.Callers} | {callsAtOnce / measurement.Nanoseconds * 1e9:N0} | {1 / measurement.Ratio:0.00} |"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| | stages of {string.Join(" and ", receipt.Partition!.Stages.Select(stage => $"{stage.MultiplyAdds / 1e6:N1} million"))} multiply-adds, {receipt.Partition.Stages[1].CrossingBytes:N0} bytes between them | | | |"));
    }

    private static void Call(ModelHost host, int callers, int calls)
    {
        var left = calls;
        var others = Enumerable.Range(1, callers - 1).Select(_ => Task.Factory.StartNew(CallOn, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        CallOn();
        Task.WaitAll(others);

        void CallOn()
        {
            var input = host.Contract.Inputs[0];
            var pixels = new float[input.Shape!.Skip(1).Aggregate(1L, (product, size) => product * size.Size!.Value)];
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var call = host.Rent();
                call.Write<float>(0, pixels);
                call.Run().Dispose();
            }
        }
    }

    // One input and one output, both with rows of a fixed size.
    private static ModelContract Contract(string name, string path, IReadOnlyList<string> stages)
    {
        var signature = SignatureReader.Read(OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }));
        return new ModelContract(
            name, path, signature.Hash(), ModelLocation.None, ["cpu"], [.. signature.Inputs.Select(Tensor)], [.. signature.Outputs.Select(Tensor)], [ShapeVariable.FromLength(0, 0, 0)], stages);
    }

    private static TensorContract Tensor(ValueSignature value) =>
        TensorContract.Of(value.Name, value.Type, [.. value.Shape!.Select(size => size.Size is { } known ? (TensorDimension)known : (TensorDimension)size.Name!)]);
}
