using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using ModelBuild.Testing.Fixtures;
using ModelBuild.Testing.Pretrained;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Compares quantized transformers without and with the steps that change activations before quantization, on samples that no step is fitted to:
/// all-MiniLM-L6-v2, whose normalizations come after the residual sums, and generated networks in which three channels of the residual stream are far larger
/// than the others.
/// </summary>
internal static class RotationBenchmark
{
    private const int Calls = 16;
    private const string Sentences = "minilm";

    private static readonly string[] Formats = ["int8(min-max)", "int8-dynamic", "int8-dynamic(outliers=0)", "int4", "int4(block-size=128)", "int8-blocks"];
    private static readonly string[] Before = ["", "smooth-quant ", "rotate ", "rotate smooth-quant "];

    private static readonly string[] Shown = ["MatMul", "Gemm", "Normalization", "Attention", "Gelu", "QuantizeLinear"];

    private static readonly (string Name, TinyTransformer Network)[] Generated =
    [
        (
            "LayerNormalization before",
            new TinyTransformer
            {
                Outlier = 20,
                Width = 256,
                Length = 48,
                Layers = 3,
            }
        ),
        (
            "SimplifiedLayerNormalization before",
            new TinyTransformer
            {
                Norm = "SimplifiedLayerNormalization",
                Outlier = 20,
                Width = 256,
                Length = 48,
                Layers = 3,
            }
        ),
        (
            "LayerNormalization after",
            new TinyTransformer
            {
                IsPostNorm = true,
                Outlier = 20,
                Width = 256,
                Length = 48,
                Layers = 3,
            }
        ),
    ];

    /// <param name="output">The writer of the table.</param>
    /// <param name="arguments">A part of the name of a model, or recipes; empty for every format, without and with the steps.</param>
    public static void Run(TextWriter output, IReadOnlyList<string> arguments)
    {
        string[] recipes = arguments.Count > 1 ? [.. arguments.Skip(1)] : [.. Formats.SelectMany(format => Before.Select(step => step + format))];
        output.WriteLine("| model | recipe | cosine | SQNR | operators of ONNX Runtime |");
        output.WriteLine("|---|---|---:|---:|---|");
        foreach (var model in Models().Where(model => arguments.Count == 0 || model.Name.Contains(arguments[0], StringComparison.Ordinal)))
        foreach (var recipe in recipes)
            Row(output, model, recipe);
    }

    private static IEnumerable<Judged> Models()
    {
        if (PretrainedModels.MiniLm is { } file && Directory.Exists(Corpus.Root))
            yield return new Judged(Sentences, () => OnnxModel.Load(file), name => FromCorpus(name, file));
        foreach (var (name, network) in Generated)
            yield return new Judged(name, network.Build, part => Made(network, part == "test" ? 900 : 100));
    }

    private static void Row(TextWriter output, Judged judged, string recipe)
    {
        var (fit, test) = (judged.Samples("calibration"), judged.Samples("test"));
        var expected = Vectors(judged.Load(), test);
        var model = judged.Load();
        var data = new CalibrationContext(new Listed(fit));
        RecipePipeline.Run(new PassContext(model, new PassReport(), CancellationToken.None) { Calibration = data }, RecipeParser.Parse(recipe));
        var actual = Vectors(model, test);
        var cosine = expected.Zip(actual, (x, y) => (double)TensorPrimitives.CosineSimilarity<float>(x, y)).Average();
        var signal = expected.Sum(vector => vector.Sum(value => (double)value * value));
        var noise = expected.Zip(actual).Sum(pair => pair.First.Zip(pair.Second).Sum(values => Math.Pow((double)values.First - values.Second, 2)));
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {judged.Name} | `{recipe}` | {cosine:0.0000} | {Decibels.Of(signal, noise):0.0} | {Operators(model)} |"
            )
        );
    }

    // The operators with weights or normalizations, and conversions, in the graph that ONNX Runtime runs.
    private static string Operators(OnnxModel model)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            var path = Path.Combine(folder.FullName, "optimized.onnx");
            Sessions.SaveOptimized(model, path);
            return string.Join(
                ", ",
                OnnxModel
                    .Load(path)
                    .Proto.Graph.Node.GroupBy(node => node.OpType)
                    .Where(group => Shown.Any(part => group.Key.Contains(part, StringComparison.Ordinal)))
                    .OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => $"{group.Count()} {group.Key}")
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Sample[] FromCorpus(string name, string file)
    {
        var signature = SignatureReader.Read(OnnxModel.Load(file, new OnnxLoadOptions { SkipWeights = true }));
        var path = Path.Combine(Corpus.Root, "minilm", $"sentences-{name}.npz");
        return [.. new CalibrationFiles([path], signature).Read(CancellationToken.None).Take(Calls)];
    }

    private static Sample[] Made(TinyTransformer network, int seed) =>
        [
            .. Enumerable
                .Range(0, Calls)
                .Select(call =>
                {
                    var values = Noise.Floats(network.InputShape.Aggregate(1L, (a, b) => a * b), seed + call);
                    var array = new SampleArray(DataType.Float, network.InputShape, MemoryMarshal.AsBytes<float>(values).ToArray());
                    return new Sample(new Dictionary<string, SampleArray> { ["x"] = array }, null);
                }),
        ];

    // The mean over the positions of a sentence, as applications use the model, or the values of each call.
    private static List<float[]> Vectors(OnnxModel model, Sample[] samples)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        var vectors = new List<float[]>();
        foreach (var sample in samples)
        {
            var output = runner.Run(sample, CancellationToken.None)[0];
            if (SampleMask.Of(sample) is { } mask)
                vectors.AddRange(Pooled(output, mask));
            else
                vectors.Add(Array.ConvertAll(output.Numbers, number => (float)number));
        }

        return vectors;
    }

    private static IEnumerable<float[]> Pooled(OutputValues hidden, bool[] mask)
    {
        var (positions, width) = ((int)hidden.Shape[1], (int)hidden.Shape[2]);
        for (var row = 0; row < hidden.Shape[0]; row++)
        {
            var sum = new float[width];
            for (var position = 0; position < positions; position++)
            for (var i = 0; i < width && mask[row * positions + position]; i++)
                sum[i] += (float)hidden.Numbers[(row * positions + position) * width + i];
            yield return sum;
        }
    }

    private sealed record Judged(string Name, Func<OnnxModel> Load, Func<string, Sample[]> Samples);

    private sealed class Listed(Sample[] samples) : ISampleSource
    {
        public InputKind Kind => InputKind.Calibration;

        public IEnumerable<Sample> Read(CancellationToken cancellationToken) => samples;
    }
}
