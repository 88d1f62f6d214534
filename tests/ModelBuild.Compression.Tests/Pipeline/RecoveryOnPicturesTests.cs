namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Steps of recovery on a model of pictures that people ship, judged on samples that nothing was fitted to: never worse than without them.</summary>
[Trait("Speed", "Slow")]
public sealed class RecoveryOnPicturesTests(Pictures pictures, ITestOutputHelper output) : IClassFixture<Pictures>
{
    private const int Calls = 8;

    [Theory]
    [InlineData("int8(min-max)", "gptq", 0)]
    [InlineData("int8-weights", "least-squares gptq", 0.5)]
    public void Pictures_answer_no_worse(string quantize, string recover, double gainDb)
    {
        var (plain, recovered) = (pictures.Model.Decibels(quantize, Calls), pictures.Model.Decibels($"{quantize} {recover}", Calls));

        Assert.InRange(recovered - plain, gainDb - 0.1, 30);
    }

    [Theory]
    [InlineData("equalize", "int8(min-max)")]
    [InlineData("equalize(alpha=1)", "int8(min-max)")]
    [InlineData("equalize(by=weights)", "int8(min-max)")]
    [InlineData("equalize(alpha=1)", "int8-weights")]
    public void Equalized_pictures_answer_no_worse(string equalize, string quantize)
    {
        var (plain, equalized) = (pictures.Model.Decibels(quantize, Calls), pictures.Model.Decibels($"{equalize} {quantize}", Calls));

        output.WriteLine($"{plain:0.00} dB without, {equalized:0.00} dB with");
        Assert.InRange(equalized - plain, -0.1, 30);
    }
}
