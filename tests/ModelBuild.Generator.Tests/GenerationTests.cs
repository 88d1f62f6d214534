using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>A decoder with a cache opens as a stream that generates tokens.</summary>
public sealed class GenerationTests
{
    private const string Opens = "GenerationStream OpenGeneration(int maxLength = int.MaxValue)";
    private const string Ids = "input_ids: int64[batch, n]";
    private const string Mask = "attention_mask: int64[batch, total]";
    private const string Logits = "logits: float32[batch, n, 64]";
    private const string Past = "past_key_values.0.key: float32[batch, 2, past, 8]";
    private const string Present = "present.0.key: float32[batch, 2, total, 8]";
    private const string Encoder = "encoder_hidden_states: float32[batch, encoder, 16]";
    private const string Branch = "use_cache_branch: bool[1]";
    private const string PastCross = "past_key_values.0.encoder.key: float32[batch, 2, encoder, 8]";
    private const string PresentCross = "present.0.encoder.key: float32[batch, 2, encoder, 8]";

    [Theory]
    [InlineData(Ids, Mask, Past, Present)]
    [InlineData("input_ids: int32[1, n]", "position_ids: int64[1, n]", "past_key_0: float16[1, 2, past, 8]", "present_key_0: float16[1, 2, total, 8]")]
    [InlineData(Ids, "cache_position: int64[n]", "past_0: float32[2, batch, 2, past, 8]", "present_0: float32[2, batch, 2, total, 8]")]
    [InlineData(Ids, "num_logits_to_keep: int64[]", "past.0.key: float32[batch, past, 2, 8]", "present.0.key: float32[batch, total, 2, 8]")]
    [InlineData(Ids, Branch, "past_key_values.0.key: float32[?, 2, ?, 8]", "present.0.key: float32[*]")]
    public void The_layouts_of_exporters_open_as_streams(string ids, string other, string past, string present)
    {
        var run = GeneratorRun.Of(new SignatureText { Inputs = [ids, other, past], Outputs = [Logits, present] });

        var source = run.MustCompile().Source;

        Assert.Contains(Opens, source, StringComparison.Ordinal);
        // The project does not reference the package for texts.
        Assert.DoesNotContain("> Generate(", source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decoder_with_an_encoder_takes_the_result_of_the_encoder()
    {
        var run = GeneratorRun.Of(new SignatureText { Inputs = [Ids, Encoder, Branch, Past, PastCross], Outputs = [Logits, Present, PresentCross] });

        Assert.Contains(
            "OpenGeneration(global::System.ReadOnlySpan<float> encoderHiddenStates, int maxLength = int.MaxValue)",
            run.MustCompile().Source,
            StringComparison.Ordinal
        );
    }

    [Theory]
    // One input has no known meaning.
    [InlineData(new[] { Ids, Past, "pixel_values: float32[batch, 3]" }, new[] { Logits, Present })]
    // A past has no present, or a present of another type or size.
    [InlineData(new[] { Ids, Past, "past_key_values.0.value: float32[batch, 2, past, 8]" }, new[] { Logits, Present })]
    [InlineData(new[] { Ids, Past }, new[] { Logits, "present.0.key: float16[batch, 2, total, 8]" })]
    [InlineData(new[] { Ids, Past }, new[] { Logits, "present.0.key: float32[batch, 2, total, 16]" })]
    // The cache has a fixed size, the dimension of heads is unknown, or the model takes several rows.
    [InlineData(new[] { Ids, "past_key_values.0.key: float32[batch, 2, 512, 8]" }, new[] { Logits, Present })]
    [InlineData(new[] { Ids, "past_key_values.0.key: float32[batch, heads, past, 8]" }, new[] { Logits, Present })]
    [InlineData(new[] { "input_ids: int64[4, n]", "past_key_values.0.key: float32[4, 2, past, 8]" }, new[] { Logits, Present })]
    // The model has no logits, or it takes one token in each call.
    [InlineData(new[] { Ids, Past }, new[] { "scores: float32[batch, n, 64]", Present })]
    [InlineData(new[] { "input_ids: int64[batch, 1]", Past }, new[] { Logits, Present })]
    // No output has the keys and values of the encoder's result.
    [InlineData(new[] { Ids, Encoder, Past, PastCross }, new[] { Logits, Present, PresentCross })]
    public void Other_models_do_not(string[] inputs, string[] outputs)
    {
        var run = GeneratorRun.Of(new SignatureText { Inputs = inputs, Outputs = outputs });

        Assert.DoesNotContain("OpenGeneration", run.MustCompile().Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_cut_into_stages_does_not()
    {
        var run = GeneratorRun.Of(
            new SignatureText
            {
                Inputs = [Ids, Past],
                Outputs = [Logits, Present],
                Stages = ["a.onnx", "b.onnx"],
            }
        );

        Assert.DoesNotContain("OpenGeneration", run.MustCompile().Source, StringComparison.Ordinal);
    }
}
