using System.Globalization;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Quantization.Blocks;

/// <summary>Tests the loss of 4 and 8 bits without calibration data, measured on real models and data.</summary>
[Trait("Speed", "Slow")]
public sealed class BlockAccuracyTests(ITestOutputHelper output)
{
    // The number of samples is sufficient to distinguish tenths of a decibel.
    private const int Samples = 10;

    [Theory]
    [InlineData("litenet-conv", "mnist", 32, 30, 29)]
    [InlineData("litenet-fc", "mnist", 36.5, 36.5, 31.5)]
    [InlineData("fashion-mobilenet", "fashion", 22, 22, 21)]
    [InlineData("fashion-resnet", "fashion", 31, 31, 28)]
    public void Four_bits_answer_nearly_alike(string name, string data, double stored, double multiplied, double perChannel)
    {
        var model = OnnxModel.Load(Corpus.Path($"litenet/{name}.onnx"));
        var samples = new CalibrationFiles([Corpus.Path($"litenet/{data}-test.npz")], SignatureReader.Read(model))
            .Read(CancellationToken.None)
            .Take(Samples)
            .ToArray();
        var expected = Answers(model, samples);
        double Measure(string recipe)
        {
            var quantized = Steps.Run(model, recipe);
            var decibels = Ort.Sqnr(expected, Answers(quantized, samples));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name, -18} {recipe, -40} {decibels:0.0} dB {quantized.ToBytes().Length} bytes"));
            return decibels;
        }

        Assert.InRange(Measure("int4(format=stored)"), stored, 60);
        Assert.InRange(Measure("int4"), multiplied, 60);
        Assert.InRange(Measure("int4(format=stored, storage=channel)"), perChannel, 60);
        Assert.InRange(Measure("int8-blocks"), 42, 80);
        // Without zero points and with plain rounding, the SQNR is at least 2 dB lower.
        Assert.InRange(Measure("int4(format=stored, method=rtn, balanced=false, symmetric=true)"), 8, stored - 2);
    }

    private static float[] Answers(OnnxModel model, Sample[] samples)
    {
        using var folder = new TemporaryFolder();
        model.Save(folder.File("model.onnx"));
        using var runner = new ModelRunner(Sessions.Open(folder.File("model.onnx")));
        return [.. samples.SelectMany(sample => runner.Run(sample, CancellationToken.None)[0].Numbers.Select(number => (float)number))];
    }
}
