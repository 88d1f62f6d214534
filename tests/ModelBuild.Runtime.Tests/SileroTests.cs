using System.Globalization;
using System.Runtime.InteropServices;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Testing;

namespace ModelBuild.Runtime.Tests;

/// <summary>A real voice model, over a minute of speech.</summary>
[Trait("Speed", "Slow")]
public sealed class SileroTests
{
    private const int Chunk = 512;
    private const int Context = 64;

    private static readonly ModelOptions OneThread = new() { Threads = 1, Spinning = false };

    [Fact]
    public void A_stream_gives_the_saved_probabilities()
    {
        using var model = SileroModel.Load(Corpus.Path("models/silero_vad.onnx"), OneThread);
        using var stream = model.OpenStream();
        Compare(chunk =>
        {
            using var result = stream.Run(chunk, 16000, inputDim1: Chunk + Context);
            return result.Output.Value;
        });
    }

    [Fact]
    public void A_description_of_the_recording_gives_the_saved_probabilities()
    {
        const int Header = 44;
        using var model = SileroSpeechModel.Load(Corpus.Path("models/silero_vad.onnx"), OneThread);
        var samples = MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(Corpus.Path("data/speech/silero_test.wav")).AsSpan(Header)).ToArray();
        var floats = Array.ConvertAll(samples, sample => sample / 32768f);

        var (scores, seconds) = model.ScoreAudio(floats, 16000);

        Assert.Equal(Chunk / 16000.0, seconds);
        var expected = Expected().ToArray();
        Assert.Equal(expected, scores[..expected.Length], (a, b) => Math.Abs(a - b) < 2e-5f);
        Assert.NotEmpty(model.FindSpeech(floats, 16000));
    }

    [Fact]
    public void A_length_that_follows_is_not_asked_for()
    {
        using var model = SileroBatchModel.Load(Corpus.Path("models/silero_vad_op18_ifless.onnx"), OneThread);
        using var stream = model.OpenStream();
        Compare(chunk =>
        {
            using var result = stream.Run(chunk, 16000);
            return result.Output.Value;
        });
    }

    [Fact]
    public void A_stream_gives_bit_for_bit_what_feeding_back_by_hand_gives()
    {
        using var model = SileroModel.Load(Corpus.Path("models/silero_vad.onnx"), OneThread);
        using var stream = model.OpenStream(stateDim1: 2);
        var (state, chunks) = (new float[2 * 2 * 128], Chunks().Take(200).ToArray());
        foreach (var (first, second) in chunks.Zip(Enumerable.Reverse(chunks)))
        {
            float[] both = [.. first, .. second];
            using var expected = model.Run(both, state, 16000, inputDim1: Chunk + Context);
            using var actual = stream.Run(both, 16000, inputDim1: Chunk + Context);
            Assert.Equal(expected.Output.ToArray(), actual.Output.ToArray());
            Assert.Equal(expected.StateN.ToArray(), actual.StateN.ToArray());
            state = expected.StateN.ToArray();
        }
    }

    private static void Compare(Func<float[], float> run)
    {
        var expected = Expected();
        var actual = Chunks().Select(run).ToArray();
        // Saved with six decimals, maybe on another processor.
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 2e-5f);
    }

    private static IEnumerable<float> Expected() =>
        File.ReadAllLines(Corpus.Path("data/speech/silero_vad.fp32_probs.txt")).Select(line => float.Parse(line, CultureInfo.InvariantCulture));

    /// <summary>Half a thousand samples each, with the end of the chunk before in front.</summary>
    private static IEnumerable<float[]> Chunks()
    {
        const int Header = 44;
        var samples = MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(Corpus.Path("data/speech/silero_test.wav")).AsSpan(Header)).ToArray();
        for (var start = 0; start + Chunk <= samples.Length; start += Chunk)
            yield return [.. Enumerable.Range(start - Context, Context + Chunk).Select(i => i < 0 ? 0 : samples[i] / 32768f)];
    }
}
