using ModelBuild.Testing;

namespace ModelBuild.Audio.Tests;

/// <summary>A real recording of speech.</summary>
[Trait("Speed", "Slow")]
public sealed class CorpusTests
{
    [Fact]
    public void A_minute_of_speech_is_read_at_once_and_in_parts()
    {
        var path = Corpus.Path("data/speech/silero_test.wav");
        var sound = Sound.Load(path);
        using var reader = WavReader.Open(path);
        var (read, part) = (new List<float>(), new float[1000]);

        while (reader.Read(part) is > 0 and var count)
            read.AddRange(part[..count]);

        Assert.Equal((16_000, 1, 60), (sound.Rate, sound.Channels, (int)Math.Round(sound.Duration.TotalSeconds)));
        Assert.Equal(sound.Samples.ToArray(), read);
        Assert.Contains(read, sample => Math.Abs(sample) > 0.1f);
        Assert.All(read, sample => Assert.InRange(sample, -1, 1));
    }
}
