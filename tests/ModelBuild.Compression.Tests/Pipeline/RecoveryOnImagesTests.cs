namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests that on a published image model, the recovery steps do not decrease the SQNR on samples that no step is fitted to.</summary>
[Trait("Speed", "Slow")]
public sealed class RecoveryOnImagesTests(ImageFixture images) : IClassFixture<ImageFixture>
{
    private const int Fit = 8;

    [Theory]
    [InlineData("int8(min-max)", "gptq", 0)]
    [InlineData("int8-weights", "least-squares gptq", 0.5)]
    public void Recovery_does_not_decrease_the_sqnr(string quantize, string recover, double gainDb)
    {
        var (plain, recovered) = (images.Model(Fit).Decibels(quantize), images.Model(Fit).Decibels($"{quantize} {recover}"));

        Assert.InRange(recovered - plain, gainDb - 0.1, 30);
    }
}
