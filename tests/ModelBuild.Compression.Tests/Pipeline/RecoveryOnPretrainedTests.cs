using System.Numerics.Tensors;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.RealData.Pictures;
using ModelBuild.Testing;
using ModelBuild.Testing.Pretrained;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Steps of recovery on models that people ship, judged on samples that nothing was fitted to: never worse than without them.</summary>
public sealed class RecoveryOnPretrainedTests(ITestOutputHelper output) : IDisposable
{
    private const int MiniLmWidth = 384;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("int8-blocks", "bias-correction", 0)]
    [InlineData("int8-blocks", "gptq", 0)]
    [InlineData("int8-weights", "least-squares gptq", 1)]
    [InlineData("int4", "gptq", 2)]
    [InlineData("int8-dynamic(outliers=0)", "gptq", 0)]
    public void Sentences_answer_no_worse(string quantize, string recover, double gainDb)
    {
        var file = PretrainedModels.Need(PretrainedModels.MiniLm);
        var test = Samples(file, Corpus.Path("minilm/sentences-test.npz"), calls: 4);

        var (plain, recovered) = Decibels(file, Corpus.Path("minilm/sentences-calibration.npz"), test, quantize, recover);

        Assert.InRange(recovered - plain, gainDb - 0.1, 30);
    }

    [Theory]
    [InlineData("int8(min-max)", "gptq", 0)]
    [InlineData("int8-weights", "least-squares gptq", 0.5)]
    public void Pictures_answer_no_worse(string quantize, string recover, double gainDb)
    {
        var file = PretrainedModels.Need(PretrainedModels.ResNet18);
        var (calibration, test) = Pictures();

        var (plain, recovered) = Decibels(file, calibration, Samples(file, test, calls: 8), quantize, recover);

        Assert.InRange(recovered - plain, gainDb - 0.1, 30);
    }

    [Theory]
    [InlineData("equalize", "int8(min-max)")]
    [InlineData("equalize(alpha=1)", "int8(min-max)")]
    [InlineData("equalize(by=weights)", "int8(min-max)")]
    [InlineData("equalize(alpha=1)", "int8-weights")]
    public void Equalized_pictures_answer_no_worse(string equalize, string quantize)
    {
        var file = PretrainedModels.Need(PretrainedModels.ResNet18);
        var (calibration, data) = Pictures();
        var test = Samples(file, data, calls: 8);

        var (plain, equalized) = (Decibels(file, calibration, test, quantize), Decibels(file, calibration, test, $"{equalize} {quantize}"));

        output.WriteLine($"{plain:0.00} dB without, {equalized:0.00} dB with");
        Assert.InRange(equalized - plain, -0.1, 30);
    }

    [Fact]
    public void Outlier_columns_in_float_keep_the_answers_of_sentences()
    {
        var file = PretrainedModels.Need(PretrainedModels.MiniLm);
        var calibration = Corpus.Path("minilm/sentences-calibration.npz");
        var test = Samples(file, Corpus.Path("minilm/sentences-test.npz"), calls: 4);

        var (without, with) = (Decibels(file, calibration, test, "int8-dynamic(outliers=0)"), Decibels(file, calibration, test, "int8-dynamic"));

        Assert.InRange(with, without + 6, 40);
    }

    [Theory]
    [InlineData("int8-dynamic(outliers=0)", 0.001)]
    [InlineData("int8-dynamic", -0.0001)]
    public void Smoothed_activations_of_sentences_answer_no_worse(string quantize, double gain)
    {
        var file = PretrainedModels.Need(PretrainedModels.MiniLm);
        var calibration = Corpus.Path("minilm/sentences-calibration.npz");
        var test = Samples(file, Corpus.Path("minilm/sentences-test.npz"), calls: 8);

        var (plain, smoothed) = (Cosine(file, calibration, test, quantize), Cosine(file, calibration, test, $"smooth-quant {quantize}"));

        output.WriteLine($"{plain:0.00000} without, {smoothed:0.00000} with");
        Assert.InRange(smoothed, plain + gain, 1);
    }

    private (string Calibration, string Test) Pictures()
    {
        Corpus.Path(PictureModel.ResNet18.Folder);
        var (calibration, test) = (_folder.File("calibration.npz"), _folder.File("test.npz"));
        (PictureModel.ResNet18 with { Count = 24 }).Save(calibration, isTest: false);
        (PictureModel.ResNet18 with { Count = 8 }).Save(test, isTest: true);
        return (calibration, test);
    }

    // The mean over the sentences.
    private static double Cosine(string file, string calibration, Sample[] test, string recipe)
    {
        var (expected, actual) = Answers(file, calibration, test, recipe);
        return expected.Chunk(MiniLmWidth).Zip(actual.Chunk(MiniLmWidth), (before, after) => TensorPrimitives.CosineSimilarity(before, after)).Average();
    }

    private static (double Plain, double Recovered) Decibels(string file, string calibration, Sample[] test, string quantize, string recover) =>
        (Decibels(file, calibration, test, quantize), Decibels(file, calibration, test, $"{quantize} {recover}"));

    // Of the vectors as they are used: pooled over real positions where there are some.
    private static double Decibels(string file, string calibration, Sample[] test, string recipe)
    {
        var (expected, actual) = Answers(file, calibration, test, recipe);
        return Ort.Sqnr(expected, actual);
    }

    private static (float[] Expected, float[] Actual) Answers(string file, string calibration, Sample[] test, string recipe)
    {
        var model = OnnxModel.Load(file);
        var expected = Vectors(model, test);
        var data = new CalibrationContext(new CalibrationFiles([calibration], SignatureReader.Read(model)));
        RecipePipeline.Run(new PassContext(model, new PassReport(), CancellationToken.None) { Calibration = data }, RecipeParser.Parse(recipe));
        return (expected, Vectors(model, test));
    }

    private static Sample[] Samples(string file, string data, int calls) =>
        [.. new CalibrationFiles([data], SignatureReader.Read(OnnxModel.Load(file))).Read(CancellationToken.None).Take(calls)];

    private static float[] Vectors(OnnxModel model, Sample[] samples)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        return [.. samples.SelectMany(sample => Pooled(runner.Run(sample, CancellationToken.None)[0], SampleMask.Of(sample)))];
    }

    private static float[] Pooled(OutputValues output, bool[]? mask)
    {
        if (output.Shape is not [var rows, var positions, var width])
            return Array.ConvertAll(output.Numbers, number => (float)number);
        var pooled = new float[rows * width];
        for (var row = 0; row < rows; row++)
        {
            var real = Enumerable.Range(0, (int)positions).Where(position => mask?[row * positions + position] ?? true).ToArray();
            foreach (var position in real)
                for (var i = 0; i < width; i++)
                    pooled[row * width + i] += (float)(output.Numbers[(row * positions + position) * width + i] / real.Length);
        }

        return pooled;
    }
}
