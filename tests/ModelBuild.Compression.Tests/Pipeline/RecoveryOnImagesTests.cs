namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>On a published image model, the recovery steps do not decrease the SQNR on samples that no step is fitted to.</summary>
[Trait("Speed", "Slow")]
public sealed class RecoveryOnImagesTests(ImageFixture images, ITestOutputHelper output) : IClassFixture<ImageFixture>
{
    private const int Calls = 8;

    [Theory]
    [InlineData("int8(min-max)", "gptq", 0)]
    [InlineData("int8-weights", "least-squares gptq", 0.5)]
    public void Recovery_does_not_decrease_the_sqnr(string quantize, string recover, double gainDb)
    {
        var (plain, recovered) = (images.Model.Decibels(quantize, Calls), images.Model.Decibels($"{quantize} {recover}", Calls));

        Assert.InRange(recovered - plain, gainDb - 0.1, 30);
    }

    [Theory]
    [InlineData("equalize", "int8(min-max)")]
    [InlineData("equalize(alpha=1)", "int8(min-max)")]
    [InlineData("equalize(by=weights)", "int8(min-max)")]
    [InlineData("equalize(alpha=1)", "int8-weights")]
    public void Equalization_does_not_decrease_the_sqnr(string equalize, string quantize)
    {
        var (plain, equalized) = (images.Model.Decibels(quantize, Calls), images.Model.Decibels($"{equalize} {quantize}", Calls));

        output.WriteLine($"{plain:0.00} dB without, {equalized:0.00} dB with");
        Assert.InRange(equalized - plain, -0.1, 30);
    }
}
