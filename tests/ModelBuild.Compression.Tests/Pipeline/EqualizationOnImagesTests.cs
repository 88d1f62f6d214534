namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests that on a published image model, equalization before quantization does not decrease the SQNR on samples that no step is fitted to.</summary>
[Trait("Speed", "Slow")]
public sealed class EqualizationOnImagesTests(ImageFixture images, ITestOutputHelper output) : IClassFixture<ImageFixture>
{
    private const int Fit = 24;

    [Theory]
    [InlineData("equalize", "int8(min-max)")]
    [InlineData("equalize(alpha=1)", "int8(min-max)")]
    [InlineData("equalize(by=weights)", "int8(min-max)")]
    [InlineData("equalize(alpha=1)", "int8-weights")]
    public void Equalization_does_not_decrease_the_sqnr(string equalize, string quantize)
    {
        var (plain, equalized) = (images.Model(Fit).Decibels(quantize), images.Model(Fit).Decibels($"{equalize} {quantize}"));

        output.WriteLine($"{plain:0.00} dB without, {equalized:0.00} dB with");
        Assert.InRange(equalized - plain, -0.1, 30);
    }
}
