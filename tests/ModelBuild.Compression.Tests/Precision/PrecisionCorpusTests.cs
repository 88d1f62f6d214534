using System.Globalization;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>
/// Tests every real model in 16 bits. The model loads and runs, and its outputs, rounded as accelerators round, are as accurate as the format allows.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class PrecisionCorpusTests(ITestOutputHelper output)
{
    // A call of the style transfer model takes seconds.
    public static TheoryData<string> Models { get; } = [.. Corpus.ModelsOrNone(path => !path.Contains("fns_candy", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_model_answers(string path)
    {
        var file = Corpus.Model(path);
        var model = OnnxModel.Load(file);
        var signature = SignatureReader.Read(model);
        var (sample, expected) = MadeSample.Of(model, () => Sessions.Open(file));

        var half = Convert(model, "float16", sample, out var report);
        Assert.Equal(signature.Hash(), SignatureReader.Read(half).Hash());
        var processor = Worst(half, sample, expected);
        var rounded = Worst(Narrow.Rounded(half), sample, expected);
        var brain = Convert(model, "bfloat16", sample, out _);
        var roundedBrain = Worst(Narrow.Rounded(brain), sample, expected);

        var reasons = report
            .Skipped.GroupBy(left => left.Why)
            .OrderByDescending(group => group.Count())
            .Take(3)
            .Select(group => $"{group.Count()} × {group.Key}");
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {Path.GetFileNameWithoutExtension(path)} | {Share(half, model):0.00} | {processor:0.0} | {rounded:0.0} | {Share(brain, model):0.00} "
                    + $"| {roundedBrain:0.0} | {string.Join("; ", reasons)} |"
            )
        );
        Assert.InRange(processor, LeastDb(path), OutputFidelity.IdenticalDb);
        Assert.InRange(rounded, LeastDb(path), OutputFidelity.IdenticalDb);
    }

    // The inputs are synthetic, and the outputs of mobilenet for them are nearly zero.
    private static double LeastDb(string path) => path.Contains("mobilenetv1", StringComparison.Ordinal) ? 25 : 39;

    private static OnnxModel Convert(OnnxModel model, string recipe, Sample sample, out PassReport report)
    {
        var copy = model.Clone();
        var context = new PassContext(copy, new PassReport(), CancellationToken.None)
        {
            Target = TargetProfile.Parse("cuda"),
            Calibration = new CalibrationContext(new FixedSamples(sample), threads: 1),
        };
        report = RecipePipeline.Run(context, RecipeParser.Parse(recipe))[^1].Report;
        return copy;
    }

    private static double Share(OnnxModel result, OnnxModel original) => (double)result.ToBytes().Length / original.ToBytes().Length;

    private static double Worst(OnnxModel model, Sample sample, IReadOnlyList<OutputValues> expected)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        return runner
            .Run(sample, CancellationToken.None)
            .Select(
                (actual, i) =>
                {
                    var meter = new OutputMeter($"{i}");
                    meter.Add(expected[i], actual, labels: null);
                    return meter.Result();
                }
            )
            .Where(result => result.IsFloat)
            .Select(result => result.SqnrDb)
            .DefaultIfEmpty(OutputFidelity.IdenticalDb)
            .Min();
    }
}
