using static ModelBuild.Audio.Tests.WavBytes;

namespace ModelBuild.Audio.Tests;

/// <summary>Recordings in memory, and the files that they are saved to.</summary>
public sealed class SoundTests
{
    private static readonly float[] Samples = [0, 0.5f, -1, 0.25f, -0.125f, 0.75f];

    [Fact]
    public void A_recording_has_a_duration()
    {
        var sound = new Sound(Samples, 2, 2);

        Assert.Equal((2, 2, 3), (sound.Rate, sound.Channels, sound.Length));
        Assert.Equal(TimeSpan.FromSeconds(1.5), sound.Duration);
        Assert.Equal(Samples, sound.Samples.ToArray());
    }

    [Fact]
    public void Mono_is_the_mean_of_the_channels()
    {
        var mono = new Sound(Samples, 8000, 3).Mono();

        Assert.Equal((8000, 1), (mono.Rate, mono.Channels));
        Assert.Equal([-0.5f / 3, 0.875f / 3], mono.Samples.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Same(mono, mono.Mono());
    }

    [Theory]
    [InlineData(SoundEncoding.Pcm16, 44 + (6 * 2))]
    [InlineData(SoundEncoding.Float32, 44 + (6 * 4))]
    public void A_saved_recording_is_the_same_recording(SoundEncoding encoding, int bytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("sound.wav");

        new Sound(Samples, 44_100, 2).Save(path, encoding);
        var loaded = Sound.Load(path);

        Assert.Equal(bytes, new FileInfo(path).Length);
        Assert.Equal((44_100, 2), (loaded.Rate, loaded.Channels));
        Assert.Equal(Samples, loaded.Samples.ToArray());
    }

    [Fact]
    public void Integers_are_the_default_and_are_limited()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("sound.wav");

        new Sound(new[] { 2f, -3f, float.NaN, 0.4f / 32_768 }, 8000).Save(path);

        Assert.Equal([32_767 / 32_768f, -1, 0, 0], Sound.Load(path).Samples.ToArray());
    }

    [Fact]
    public void A_long_recording_is_written_in_parts()
    {
        var samples = new float[100_003];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (i % 1000) / 1024f;
        using var stream = new MemoryStream();

        new Sound(samples, 8000).Save(stream, SoundEncoding.Float32);

        Assert.Equal(44 + (4 * samples.Length), stream.Length);
        stream.Position = 0;
        Assert.Equal(samples, Sound.Load(stream).Samples.ToArray());
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void A_stream_is_read_from_its_position_on()
    {
        byte[] bytes = [1, 2, 3, .. WavBytes.File(Format(Pcm, 1, 8000, 16), Data(Shorts(16_384)))];
        using var stream = new MemoryStream(bytes) { Position = 3 };

        Assert.Equal([0.5f], Sound.Load(stream).Samples.ToArray());
    }

    [Fact]
    public void Arguments_are_verified()
    {
        var sound = new Sound(Samples, 8000);

        Assert.Throws<ArgumentOutOfRangeException>(() => new Sound(Samples, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sound(Samples, 8000, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sound(Samples, 8000, 8193));
        Assert.Throws<ArgumentException>(() => new Sound(Samples, 8000, 4));
        Assert.Throws<ArgumentException>(() => Sound.Load(""));
        Assert.Throws<ArgumentNullException>(() => Sound.Load((Stream)null!));
        Assert.Throws<ArgumentNullException>(() => Sound.Load("x", null!));
        Assert.Throws<ArgumentNullException>(() => sound.Save((Stream)null!, SoundEncoding.Pcm16));
        Assert.Throws<ArgumentException>(() => sound.Save(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => sound.Save(Stream.Null, (SoundEncoding)7));
    }
}
