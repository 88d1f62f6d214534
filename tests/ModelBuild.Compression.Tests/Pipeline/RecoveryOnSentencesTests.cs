namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>
/// Tests recovery steps on a published model of sentences. The results are never worse than without the steps, on samples that nothing was fitted to.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class RecoveryOnSentencesTests(Sentences sentences, ITestOutputHelper output) : IClassFixture<Sentences>
{
    [Theory]
    [InlineData("int8-blocks", "bias-correction", 0)]
    [InlineData("int8-blocks", "gptq", 0)]
    [InlineData("int8-weights", "least-squares gptq", 1)]
    [InlineData("int4", "gptq", 2)]
    [InlineData("int8-dynamic(outliers=0)", "gptq", 0)]
    public void Sentences_answer_no_worse(string quantize, string recover, double gainDb)
    {
        var (plain, recovered) = (sentences.Model.Decibels(quantize), sentences.Model.Decibels($"{quantize} {recover}"));

        Assert.InRange(recovered - plain, gainDb - 0.1, 30);
    }

    [Fact]
    public void Outlier_columns_in_float_keep_the_answers_of_sentences()
    {
        var (without, with) = (sentences.Model.Decibels("int8-dynamic(outliers=0)"), sentences.Model.Decibels("int8-dynamic"));

        Assert.InRange(with, without + 6, 40);
    }

    [Theory]
    [InlineData("int8-dynamic(outliers=0)", 0.001)]
    [InlineData("int8-dynamic", -0.0001)]
    public void Smoothed_activations_of_sentences_answer_no_worse(string quantize, double gain)
    {
        var (plain, smoothed) = (sentences.Model.Cosine(quantize, Sentences.Width), sentences.Model.Cosine($"smooth-quant {quantize}", Sentences.Width));

        output.WriteLine($"{plain:0.00000} without, {smoothed:0.00000} with");
        Assert.InRange(smoothed, plain + gain, 1);
    }
}
