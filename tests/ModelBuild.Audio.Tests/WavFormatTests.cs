using static ModelBuild.Audio.Tests.WavBytes;

namespace ModelBuild.Audio.Tests;

/// <summary>Samples of all formats, from files that can seek and from pipes.</summary>
public sealed class WavFormatTests
{
    [Fact]
    public void Integers_of_8_bits_have_no_sign()
    {
        AssertSamples([-1, -0.5f, 0, 127 / 128f], Format(Pcm, 1, 8000, 8), Data(0, 64, 128, 255));
    }

    [Fact]
    public void Integers_of_16_bits()
    {
        AssertSamples([0, 0.5f, -1, 32_767 / 32_768f, -1 / 32_768f], Format(Pcm, 1, 8000, 16), Data(Shorts(0, 16_384, -32_768, 32_767, -1)));
    }

    [Fact]
    public void Integers_of_24_bits()
    {
        AssertSamples([0.5f, -1, -1 / 8_388_608f, 3 / 8_388_608f], Format(Pcm, 1, 8000, 24), Data(0, 0, 0x40, 0, 0, 0x80, 0xFF, 0xFF, 0xFF, 3, 0, 0));
    }

    [Fact]
    public void Integers_of_32_bits()
    {
        AssertSamples([0.25f, -1], Format(Pcm, 1, 8000, 32), Data(0, 0, 0, 0x20, 0, 0, 0, 0x80));
    }

    [Fact]
    public void Integers_of_12_bits_are_in_the_upper_bits()
    {
        AssertSamples([0.5f, -1], Format(Pcm, 1, 8000, 12), Data(Shorts(0x4000, -0x8000)));
    }

    [Fact]
    public void Floats_of_32_and_64_bits_stay_as_they_are()
    {
        AssertSamples([1.5f, -0.1f], Format(WavBytes.Float, 1, 8000, 32), Data([.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-0.1f)]));
        AssertSamples([1.5f, -0.1f], Format(WavBytes.Float, 1, 8000, 64), Data([.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-0.1)]));
    }

    // The values are the smallest and the largest magnitudes of both signs in ITU-T G.711.
    [Fact]
    public void Logarithmic_bytes_of_telephony()
    {
        AssertSamples([8 / 32_768f, -8 / 32_768f, 32_256 / 32_768f, -32_256 / 32_768f], Format(ALaw, 1, 8000, 8), Data(0xD5, 0x55, 0xAA, 0x2A));
        AssertSamples([0, 0, 32_124 / 32_768f, -32_124 / 32_768f], Format(MuLaw, 1, 8000, 8), Data(0xFF, 0x7F, 0x80, 0x00));
    }

    [Fact]
    public void Logarithmic_bytes_rise_with_their_steps()
    {
        var steps = Enumerable.Range(0, 128).Select(i => (byte)(i ^ 0xFF)).ToArray();
        var rising = Load(WavBytes.File(Format(MuLaw, 1, 8000, 8), Data(steps))).Samples.ToArray();
        var risingToo = Load(WavBytes.File(Format(ALaw, 1, 8000, 8), Data([.. Enumerable.Range(0, 128).Select(i => (byte)(i ^ 0xD5))]))).Samples.ToArray();

        Assert.Equal(rising.Order(), rising);
        Assert.Equal(risingToo.Order(), risingToo);
        Assert.Equal(128, rising.Distinct().Count());
        Assert.Equal(128, risingToo.Distinct().Count());
    }

    [Fact]
    public void The_extensible_format_names_the_real_one()
    {
        AssertSamples([0.5f, -1], ExtensibleFormat(Pcm, 1, 8000, 16, 16), Data(Shorts(16_384, -32_768)));
        AssertSamples([0.5f], ExtensibleFormat(Pcm, 1, 8000, 24, 20), Data(0, 0, 0x40));
        AssertSamples([-0.1f], ExtensibleFormat(WavBytes.Float, 1, 8000, 32, 32), Data(BitConverter.GetBytes(-0.1f)));
    }

    [Fact]
    public void Channels_alternate()
    {
        var sound = Load(WavBytes.File(Format(Pcm, 2, 44_100, 16), Data(Shorts(16_384, -16_384, 8192, 0))));

        Assert.Equal((44_100, 2, 2), (sound.Rate, sound.Channels, sound.Length));
        Assert.Equal([0.5f, -0.5f, 0.25f, 0], sound.Samples.ToArray());
    }

    [Fact]
    public void Other_chunks_are_skipped_with_their_padding()
    {
        AssertSamples(
            [0.5f],
            Chunk("LIST", [1, 2, 3]),
            Chunk("JUNK", []),
            Format(Pcm, 1, 8000, 16),
            Chunk("fact", UInt32(1)),
            Data(Shorts(16_384)),
            Chunk("LIST", [9, 9])
        );
    }

    [Fact]
    public void The_format_may_have_more_bytes()
    {
        byte[] format = [.. Format(Pcm, 1, 8000, 16)[8..], 0, 0, .. new byte[51]];

        AssertSamples([0.5f], Chunk("fmt ", format), Data(Shorts(16_384)));
    }

    [Fact]
    public void An_incomplete_block_at_the_end_is_left_out()
    {
        AssertSamples([0.5f], Format(Pcm, 1, 8000, 16), Data([.. Shorts(16_384), 7]));
    }

    [Theory]
    [InlineData("RIFF", 0u, 0u)]
    [InlineData("RIFF", 36u, 0u)]
    [InlineData("RIFF", 0xFFFF_FFFFu, 0u)]
    [InlineData("RIFF", 0xFFFF_FFFFu, 0xFFFF_FFFFu)]
    [InlineData("RIFF", 0x7FFF_F024u, 0x7FFF_F000u)]
    [InlineData("RF64", 0xFFFF_FFFFu, 0xFFFF_FFFFu)]
    public void A_size_that_was_never_written_means_up_to_the_end(string name, uint fileBytes, uint dataBytes)
    {
        var file = Named(name, fileBytes, Format(Pcm, 1, 8000, 16), Chunk("data", Shorts(16_384, -32_768), dataBytes));

        AssertSamplesOf(file, [0.5f, -1]);
    }

    [Theory]
    [InlineData("RF64")]
    [InlineData("BW64")]
    public void Large_files_have_their_sizes_in_another_chunk(string name)
    {
        byte[] sizes = [.. UInt64(100), .. UInt64(2), .. UInt64(1), .. UInt32(0)];
        var file = Named(
            name,
            0xFFFF_FFFF,
            Chunk("ds64", sizes),
            Format(Pcm, 1, 8000, 16),
            Chunk("data", Shorts(16_384), 0xFFFF_FFFF),
            Chunk("LIST", [1, 2, 3, 4])
        );

        AssertSamplesOf(file, [0.5f]);
    }

    private static void AssertSamples(float[] expected, params byte[][] chunks) => AssertSamplesOf(WavBytes.File(chunks), expected);

    private static void AssertSamplesOf(byte[] file, float[] expected)
    {
        Assert.Equal(expected, Load(file).Samples.ToArray());
        Assert.Equal(expected, Sound.Load(new PipeStream(file)).Samples.ToArray());
    }

    private static Sound Load(byte[] file) => Sound.Load(file.AsMemory());
}
