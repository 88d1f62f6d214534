using System.Globalization;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>Tests each step that recovers accuracy, on a real model on which it demonstrably helps.</summary>
[Trait("Speed", "Slow")]
public sealed class RecoveryStepsTests(ITestOutputHelper output)
{
    private const int Calls = 20;

    [Theory]
    [InlineData("fashion-mobilenet", "int8(min-max, everywhere=true)", "bias-correction", 0.5)]
    [InlineData("fashion-mobilenet", "int8(min-max, everywhere=true)", "least-squares", 1.5)]
    [InlineData("fashion-mobilenet", "int8(min-max, everywhere=true)", "gptq", 1)]
    [InlineData("fashion-mobilenet", "int8(min-max, everywhere=true)", "clip-weights", 0.5)]
    [InlineData("fashion-mobilenet", "int8(min-max, everywhere=true)", "coordinate-descent", 0.8)]
    [InlineData("litenet-conv", "int8(min-max, everywhere=true)", "adaround(iterations=200)", 2)]
    [InlineData("litenet-conv", "int8-weights", "gptq", 6)]
    [InlineData("litenet-conv", "int8-weights", "least-squares", 2)]
    [InlineData("litenet-conv", "int4", "gptq", 5)]
    [InlineData("litenet-conv", "int4", "adaround(iterations=200)", 4)]
    [InlineData("litenet-conv", "int4", "coordinate-descent", 4)]
    // The groups of a convolution share one scale.
    [InlineData("fashion-mobilenet", "int8(min-max, everywhere=true, per-channel=false)", "least-squares gptq", 3)]
    [InlineData("fashion-mobilenet", "int8-weights(per-channel=false)", "clip-weights gptq", 4)]
    public void A_step_behind_one_that_quantizes_helps(string name, string quantize, string recover, double decibels) =>
        Helps(name, quantize, $"{quantize} {recover}", decibels);

    [Fact]
    public void Equalization_before_helps() => Helps("fashion-mobilenet", "int8(min-max, everywhere=true)", "equalize int8(min-max, everywhere=true)", 1);

    private void Helps(string name, string without, string with, double decibels)
    {
        var litenet = new Litenet(name, Calls);
        var (before, after) = (litenet.Sqnr(without), litenet.Sqnr(with));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {with}: {before:0.0} to {after:0.0} dB"));

        Assert.InRange(after, before + decibels, 90);
    }
}
