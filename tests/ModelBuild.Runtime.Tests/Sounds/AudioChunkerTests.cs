namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>A chunker makes the same chunks of a stream, however its samples arrive.</summary>
public sealed class AudioChunkerTests
{
    private const string Description = "rate(16000) chunk(512) context(64)";

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(512)]
    [InlineData(5000)]
    public void Chunks_have_the_end_of_the_stream_before_in_front(int part)
    {
        var samples = TestSounds.Source(2000);

        var chunks = Chunks(new AudioChunker(new AudioPreparation(Description, AudioLayout.Samples), 16_000), samples, part);

        float[] padded = [.. new float[64], .. samples, .. new float[48]];
        Assert.Equal(4, chunks.Count);
        for (var i = 0; i < 4; i++)
            Assert.Equal(padded[(i * 512)..((i * 512) + 576)], chunks[i]);
    }

    [Theory]
    [InlineData(44_100, 1, 441)]
    [InlineData(44_100, 2, 10_000)]
    [InlineData(8000, 1, 77)]
    [InlineData(44_101, 1, 333)]
    [InlineData(384_000, 1, 10)]
    public void A_converted_stream_has_the_samples_of_the_converted_recording(int rate, int channels, int part)
    {
        var samples = TestSounds.Source(rate / 10 * channels);
        var whole = TestSounds.Prepare("rate(16000)", samples, rate, channels);

        var chunks = Chunks(new AudioChunker(new AudioPreparation(Description, AudioLayout.Samples), rate, channels), samples, part * channels);

        float[] stream = [.. chunks.SelectMany(chunk => chunk[64..])];
        Assert.Equal((whole.Length + 511) / 512, chunks.Count);
        Assert.Equal(whole, stream[..whole.Length], (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Equal(new float[stream.Length - whole.Length], stream[whole.Length..]);
    }

    [Fact]
    public void A_chunk_can_be_a_spectrum()
    {
        var preparation = new AudioPreparation("rate(16000) chunk(1600) context(240) fbank(40, 400, 160) log", AudioLayout.FramesBands, 40, 10);
        var samples = TestSounds.Source(3200);

        var chunks = Chunks(new AudioChunker(preparation, 16_000), samples, 3200);

        var whole = new float[40 * 20];
        float[] silent = [.. new float[240], .. samples];
        new AudioPreparation("rate(16000) fbank(40, 400, 160) log", AudioLayout.FramesBands).Write(silent, 16_000, 1, whole);
        Assert.Equal(whole, chunks.SelectMany(chunk => chunk), (a, b) => Math.Abs(a - b) < 1e-4f);
    }

    [Fact]
    public void Halves_are_the_rounded_floats()
    {
        var preparation = new AudioPreparation(Description, AudioLayout.Samples);
        var samples = TestSounds.Source(600);
        var (floats, halves) = (new float[576], new Half[576]);
        var (first, second) = (new AudioChunker(preparation, 16_000), new AudioChunker(preparation, 16_000));

        foreach (var _ in Enumerable.Range(0, 2))
        {
            ReadOnlySpan<float> forFirst = samples,
                forSecond = samples;
            Assert.True(first.Read(ref forFirst, floats));
            Assert.True(second.Read(ref forSecond, halves));
            Assert.Equal(floats.Select(value => (Half)value), halves);
        }

        ReadOnlySpan<float> last = samples.AsSpan(0, 100);
        Assert.False(second.Read(ref last, halves));
        Assert.True(second.Finish(halves));
        Assert.Equal([.. samples.AsSpan(0, 100), .. new float[412]], halves[64..].Select(value => (float)value), (a, b) => Math.Abs(a - b) < 1e-3f);
        Assert.False(second.Finish(halves));
    }

    [Fact]
    public void A_new_stream_starts_with_silence()
    {
        var chunker = new AudioChunker(new AudioPreparation(Description, AudioLayout.Samples), 44_100);
        var samples = TestSounds.Source(5000);

        var first = Chunks(chunker, samples, 5000);
        var afterTheEnd = Chunks(chunker, samples, 5000);
        var tensor = new float[576];
        ReadOnlySpan<float> some = samples;
        Assert.True(chunker.Read(ref some, tensor));
        chunker.Reset();
        var afterReset = Chunks(chunker, samples, 5000);

        Assert.Equal(first, afterTheEnd);
        Assert.Equal(first, afterReset);
    }

    [Fact]
    public void Arguments_are_verified()
    {
        var preparation = new AudioPreparation(Description, AudioLayout.Samples);
        var chunker = new AudioChunker(preparation, 16_000, 2);

        Assert.Equal((new AudioSize(1, 576), 0.032), (chunker.Size, chunker.ChunkSeconds));
        Assert.Throws<ArgumentNullException>(() => new AudioChunker(null!, 16_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioChunker(preparation, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioChunker(preparation, 16_000, 0));
        Assert.Throws<ArgumentException>(() => new AudioChunker(new AudioPreparation("rate(16000)", AudioLayout.Samples), 16_000));
        Assert.Throws<ArgumentException>(() => Read(new float[3], new float[576]));
        Assert.Throws<ArgumentException>(() => Read(new float[2], new float[512]));
        Assert.Throws<ArgumentException>(() => chunker.Finish(new float[512]));

        bool Read(ReadOnlySpan<float> samples, float[] destination) => chunker.Read(ref samples, destination);
    }

    private static List<float[]> Chunks(AudioChunker chunker, float[] samples, int part)
    {
        var chunks = new List<float[]>();
        var tensor = new float[chunker.Size.Elements];
        for (var start = 0; start < samples.Length; start += part)
        {
            ReadOnlySpan<float> some = samples.AsSpan(start, Math.Min(part, samples.Length - start));
            while (chunker.Read(ref some, tensor))
                chunks.Add([.. tensor]);
            Assert.True(some.IsEmpty);
        }

        while (chunker.Finish(tensor))
            chunks.Add([.. tensor]);
        return chunks;
    }
}
