using System.Globalization;
using System.Runtime.InteropServices;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Testing;

namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>A real voice model gets its chunks from a description.</summary>
[Trait("Speed", "Slow")]
public sealed class SileroChunkTests
{
    private const double Tolerance = 2e-5;

    [Fact]
    public void A_description_gives_the_saved_probabilities_and_the_segments()
    {
        using var model = SileroModel.Load(Corpus.Path("models/silero_vad.onnx"), new ModelOptions { Threads = 1, Spinning = false });
        using var stream = model.OpenStream();
        var chunker = new AudioChunker(new AudioPreparation("rate(16000) chunk(512) context(64)", AudioLayout.Samples), 16_000);
        var probabilities = new List<float>();
        var tensor = new float[chunker.Size.Elements];
        ReadOnlySpan<float> samples = Samples();

        while (chunker.Read(ref samples, tensor))
        {
            using var result = stream.Run(tensor, 16_000, inputDim1: tensor.Length);
            probabilities.Add(result.Output.Value);
        }

        var expected = File.ReadAllLines(Corpus.Path("data/speech/silero_vad.fp32_probs.txt")).Select(line => float.Parse(line, CultureInfo.InvariantCulture));
        Assert.Equal(expected, probabilities, (a, b) => Math.Abs(a - b) < Tolerance);
        var segments = SpeechSegments.Find(CollectionsMarshal.AsSpan(probabilities), chunker.ChunkSeconds);
        Assert.NotEmpty(segments);
        Assert.All(segments, segment => Assert.InRange(segment.Duration, 0.25, 60));
        Assert.All(segments.Zip(segments.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
    }

    private static float[] Samples()
    {
        const int Header = 44;
        var samples = MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(Corpus.Path("data/speech/silero_test.wav")).AsSpan(Header));
        return Array.ConvertAll(samples.ToArray(), sample => sample / 32_768f);
    }
}
