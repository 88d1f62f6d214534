using Microsoft.CodeAnalysis;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>A description of a recording gives the class methods that take samples.</summary>
public sealed class AudioTests
{
    private static readonly SignatureText Recording = new()
    {
        Inputs = ["audio: float32[1, n]"],
        Outputs = ["y: float32[1, 10]"],
        Audio = "rate(16000)",
    };

    [Theory]
    [InlineData("audio: float32[1, n]", "rate(16000)", "Samples, 0, 0")]
    [InlineData("audio: float32[1, 1, 16000]", "rate(16000) length(1)", "Samples, 0, 16000")]
    [InlineData("mel: float32[1, 80, 3000]", "rate(16000) length(30) mel(80, 400, 160, drop-last=true) whisper", "BandsFrames, 80, 3000")]
    [InlineData("mel: float16[batch, 1, frames, 64]", "rate(16000) mel(64, 400, 160) log", "FramesBands, 64, 0")]
    public void RunAudio_has_the_layout_of_the_input(string input, string audio, string layout)
    {
        var source = GeneratorRun.Of(Recording with { Inputs = [input], Audio = audio }).MustCompile().Source;

        Assert.Contains($"AudioLayout.{layout})", source, StringComparison.Ordinal);
        Assert.Contains("RunAudio(global::System.ReadOnlySpan<float> samples, int rate, int channels = 1)", source, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenAudio", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p: float32[1, 1]", true)]
    [InlineData("p: float32[n, 2]", false)]
    public void Chunks_give_a_stream_and_scores_where_there_is_one_for_each_chunk(string output, bool hasScores)
    {
        var source = GeneratorRun
            .Of(Recording with { Inputs = ["audio: float32[1, 576]", "sr: int64[]"], Outputs = [output], Audio = "rate(16000) chunk(512) context(64)" })
            .MustCompile()
            .Source;

        Assert.Contains("public AudioStream OpenAudio(int rate, int channels = 1)", source, StringComparison.Ordinal);
        Assert.Contains("WriteScalar<long>(1, 16000)", source, StringComparison.Ordinal);
        Assert.Equal(hasScores, source.Contains("FindSpeech(", StringComparison.Ordinal));
    }

    [Fact]
    public void The_states_of_a_model_belong_to_its_stream()
    {
        var source = GeneratorRun
            .Of(
                Recording with
                {
                    Inputs = ["audio: float32[1, 6]", "h: float32[1, 4]"],
                    Outputs = ["p: float32[1, 1]", "hn: float32[1, 4]"],
                    States = ["hn=h"],
                    Audio = "rate(4000) chunk(4) context(2)",
                }
            )
            .MustCompile()
            .Source;

        Assert.Contains("_source = model._modelHost.OpenStream();", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate(16000) chnk(4)", "audio: float32[1, n]", "Did you mean 'chunk'?")]
    [InlineData("rate(16000)", "audio: float32[1, 400]", "The input of the model has 400 samples")]
    [InlineData("rate(16000) mel(80, 400, 160) log", "mel: float32[1, 64, n]", "The description gives 80 bands")]
    [InlineData("rate(16000)", "ids: int64[1, n]", "it describes the only input of float32 or float16 beside states")]
    [InlineData("rate(16000)", "a: float32[1, n]; b: float32[1, n]", "'b' float32[1, n]")]
    public void MB2009_a_description_that_does_not_fit(string audio, string inputs, string reason)
    {
        var run = GeneratorRun.Of(Recording with { Inputs = inputs.Split("; "), Audio = audio });

        var diagnostic = Assert.Single(run.Result.Diagnostics, one => one.Id == "MB2009");
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Contains(reason, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.DoesNotContain("Audio(", run.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void MB2009_states_without_chunks()
    {
        var run = GeneratorRun.Of(
            Recording with
            {
                Inputs = ["audio: float32[1, n]", "h: float32[1, 4]"],
                Outputs = ["p: float32[1, 1]", "hn: float32[1, 4]"],
                States = ["hn=h"],
            }
        );

        Assert.Contains(
            "Add 'chunk(n)'",
            Assert.Single(run.Result.Diagnostics, one => one.Id == "MB2009").GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_project_without_the_package_for_texts_has_no_methods_for_them()
    {
        var run = GeneratorRun.Of(new SignatureText { Inputs = ["input_ids: int64[batch, n]"], Outputs = ["last_hidden_state: float32[batch, n, 4]"] });

        Assert.DoesNotContain("ModelBuild.Text", run.MustCompile().Source, StringComparison.Ordinal);
    }
}
