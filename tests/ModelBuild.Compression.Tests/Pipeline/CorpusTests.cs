using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests every step on every real model. The result loads and runs, and its outputs agree with the figures.</summary>
[Trait("Speed", "Slow")]
public sealed class CorpusTests(ITestOutputHelper output)
{
    // The bound is a number of multiply-adds of one call.
    private const double HeavyCall = 5e9;
    private const int HeavyBytes = 2 << 20;

    public static TheoryData<string> Models { get; } = [.. Corpus.ModelsOrNone()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_step_loads_and_runs(string path)
    {
        using var folder = new TemporaryFolder();
        var file = Corpus.Model(path);
        var model = OnnxModel.Load(file);
        var signature = SignatureReader.Read(model);
        var (sample, expected) = MadeSample.Of(model, () => Sessions.Open(file));
        var originalBytes = model.ToBytes().Length;
        // If a call takes seconds, or if layers are wide, steps that fit layers one by one take minutes. For models of this kind, only the forms of the steps
        // without data are tested.
        var isHeavy = originalBytes > HeavyBytes || LayerWork.Total(model, sample.Shapes()) > HeavyCall;
        var table = new StringBuilder();
        // Steps that change nothing in a model give the same file. The test runs that file only once.
        var answers = new Dictionary<string, IReadOnlyList<OutputValues>>(StringComparer.Ordinal);
        // The step fix-dimensions needs the names of dimensions and changes the signature. Training steps have their own tests.
        foreach (var step in StepCatalog.Steps.Where(step => step.Name != "fix-dimensions" && !step.Trains))
        {
            // The processor does not run bfloat16 models.
            if (step.Name == "bfloat16" || (isHeavy && step.Name is "prune-layers" or "mixed-precision" or "sparsify-activations"))
                continue;
            // By default, the two steps try several variants one after another. Other tests cover that.
            var recipe = step.Name switch
            {
                "int8" => "int8(min-max)",
                "mixed-precision" => "mixed-precision(sqnr=0)",
                _ => step.Name,
            };
            var result =
                isHeavy && step.Name != "int8" ? Steps.Run(model, recipe, out var report) : Steps.Run(model, recipe, new FixedSamples(sample), out report);
            var saved = folder.File($"{step.Name}.onnx");
            result.Save(saved);
            var hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(saved)));
            if (!answers.TryGetValue(hash, out var actual))
                answers[hash] = actual = Run(saved, sample);
            var fidelity = Compare(expected, actual, signature);
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"{path, -45} {step.Name, -16} {100.0 * new FileInfo(saved).Length / originalBytes, 6:0.0} % "
                    + $"{string.Join(' ', fidelity.Select(of => of.SqnrDb.ToString("0.0", CultureInfo.InvariantCulture))), 16} dB  "
                    + $"{string.Join(", ", report.Changes.Select(change => $"{change.Value} {change.Key}"))}"
            );

            Assert.Equal(signature.Hash(), SignatureReader.Read(result).Hash());
            if (step.Name == "optimize")
                IsOptimized(model, result, fidelity);
        }

        output.WriteLine(table.ToString());
    }

    private static void IsOptimized(OnnxModel model, OnnxModel optimized, OutputFidelity[] fidelity)
    {
        Assert.All(fidelity, of => Assert.InRange(of.SqnrDb, 100, OutputFidelity.IdenticalDb));
        Assert.InRange(optimized.ToBytes().Length, 1, model.ToBytes().Length + 200);
        // The optimized model is portable: it has no operators that only one processor or provider has.
        Assert.Subset(Domains(model), Domains(optimized));
        Assert.DoesNotContain(optimized.Proto.OpsetImport, import => model.Opset(import.Domain) != import.Version);
        Assert.Equal(Steps.Run(optimized, "optimize").ToBytes(), optimized.ToBytes());
    }

    private static HashSet<string> Domains(OnnxModel model) =>
        [.. new Graph(model).SelfAndSubgraphs().SelectMany(scope => scope.Nodes).Select(node => node.Domain)];

    private static IReadOnlyList<OutputValues> Run(string file, Sample sample)
    {
        using var runner = new ModelRunner(Sessions.Open(file));
        return runner.Run(sample, CancellationToken.None);
    }

    private static OutputFidelity[] Compare(IReadOnlyList<OutputValues> expected, IReadOnlyList<OutputValues> actual, ModelSignature signature) =>
        [
            .. signature.Outputs.Select(
                (of, i) =>
                {
                    var meter = new OutputMeter(of.Name);
                    meter.Add(expected[i], actual[i], labels: null);
                    return meter.Result();
                }
            ),
        ];
}
