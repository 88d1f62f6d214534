using System.Text;
using static ModelBuild.Audio.Tests.WavBytes;

namespace ModelBuild.Audio.Tests;

/// <summary>A file that cannot be read is one exception that says why.</summary>
public sealed class BadFileTests
{
    private static readonly byte[] Mono = Format(Pcm, 1, 8000, 16);

    public static TheoryData<string, byte[]> Cases() =>
        new()
        {
            { "It is empty.", [] },
            { "It is not a WAV file: it does not start with 'RIFF' and 'WAVE'.", Encoding.ASCII.GetBytes("hello, world") },
            { "It is not a WAV file", [.. "RI"u8] },
            { "It is not a supported WAV file but MP3 or AAC.", [.. "ID3"u8, .. new byte[20]] },
            { "It is not a supported WAV file but MP3 or AAC.", [0xFF, 0xFB, .. new byte[20]] },
            { "It is not a supported WAV file but FLAC.", [.. "fLaC"u8, .. new byte[20]] },
            { "It is not a supported WAV file but Ogg.", [.. "OggS"u8, .. new byte[20]] },
            { "It is not a supported WAV file but AIFF.", [.. "FORM"u8, .. new byte[20]] },
            { "It is not a supported WAV file but CAF.", [.. "caff"u8, .. new byte[20]] },
            { "It is not a supported WAV file but MP4.", [0, 0, 0, 20, .. "ftypM4A "u8, .. new byte[20]] },
            { "It is not a supported WAV file but WAV with big-endian numbers.", [.. "RIFX"u8, 0, 0, 0, 4, .. "WAVE"u8] },
            { "It is not a supported WAV file but RIFF without sound.", [.. "RIFF"u8, 4, 0, 0, 0, .. "AVI "u8] },
            { "It ends before the chunk 'fmt '", WavBytes.File() },
            { "It ends before the chunk 'fmt '", [.. WavBytes.File(), .. "fmt"u8] },
            { "It has no samples: the chunk 'data' is missing.", WavBytes.File(Mono) },
            { "It has no samples.", WavBytes.File(Mono, Data()) },
            { "It has no samples.", WavBytes.File(Mono, Data(7)) },
            { "Its samples come before the chunk 'fmt '", WavBytes.File(Data(1, 2), Mono) },
            { "Its chunk 'fmt ' has 15 bytes, and 16 are needed.", WavBytes.File(Chunk("fmt ", new byte[15]), Data(1, 2)) },
            { "Its chunk 'ds64' has 8 bytes, and 24 are needed.", Named("RF64", null, Chunk("ds64", new byte[8]), Mono, Data(1, 2)) },
            {
                "Its header says 18446744073709551615 bytes of samples.",
                Named("RF64", null, Chunk("ds64", [.. UInt64(1), .. UInt64(ulong.MaxValue), .. UInt64(1)]), Mono, Data(1, 2))
            },
            { "It is truncated: it ends inside of its header.", WavBytes.File(Mono)[..30] },
            { "It is truncated: it ends inside of its header.", WavBytes.File(Chunk("LIST", [1, 2], 100)) },
            { "It is truncated: it ends inside of its header.", WavBytes.File(Chunk("LIST", [1, 2], uint.MaxValue)) },
            { "It is truncated: its header says 8 bytes of samples, and 2 are there.", WavBytes.File(Mono, Chunk("data", [1, 2], 8)) },
            { "It is truncated: its header says 2000000000 bytes of samples, and 2 are there.", WavBytes.File(Mono, Chunk("data", [1, 2], 2_000_000_000)) },
            { "Its header says 0 channels.", WavBytes.File(Format(Pcm, 0, 8000, 16), Data(1, 2)) },
            { "Its header says 65 channels. 1 to 64 are allowed.", WavBytes.File(Format(Pcm, 65, 8000, 16), Data(1, 2)) },
            { "Its header says a sample rate of 0 Hz.", WavBytes.File(Format(Pcm, 1, 0, 16), Data(1, 2)) },
            { "Its header says a sample rate of 4294967295 Hz. 1 to 768000 Hz are allowed.", WavBytes.File(Format(Pcm, 1, uint.MaxValue, 16), Data(1, 2)) },
            { "Its samples have the format Microsoft ADPCM.", WavBytes.File(Format(2, 1, 8000, 4), Data(1, 2)) },
            { "Its samples have the format MPEG.", WavBytes.File(Format(0x55, 1, 8000, 16), Data(1, 2)) },
            { "Its samples have the format 0x1234.", WavBytes.File(Format(0x1234, 1, 8000, 16), Data(1, 2)) },
            { "Its format is WAVE_FORMAT_EXTENSIBLE with an unknown subformat.", WavBytes.File(Format(0xFFFE, 1, 8000, 16), Data(1, 2)) },
            { "0 bits for each sample and 2 bytes for 1 channels, which is not possible.", WavBytes.File(Format(Pcm, 1, 8000, 0, 2), Data(1, 2)) },
            { "16 bits for each sample and 1 bytes for 1 channels", WavBytes.File(Format(Pcm, 1, 8000, 16, 1), Data(1, 2)) },
            { "16 bits for each sample and 5 bytes for 2 channels", WavBytes.File(Format(Pcm, 2, 8000, 16, 5), Data(1, 2)) },
            { "16 bits for each sample and 0 bytes for 2 channels", WavBytes.File(Format(Pcm, 2, 8000, 16, 0), Data(1, 2)) },
            { "64 bits for each sample and 8 bytes for 1 channels", WavBytes.File(Format(Pcm, 1, 8000, 64), Data(1, 2)) },
            { "16 bits for each sample and 2 bytes for 1 channels", WavBytes.File(Format(WavBytes.Float, 1, 8000, 16), Data(1, 2)) },
            { "16 bits for each sample and 2 bytes for 1 channels", WavBytes.File(Format(ALaw, 1, 8000, 16), Data(1, 2)) },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_exception_says_what_is_wrong(string reason, byte[] file)
    {
        var exception = Assert.Throws<SoundException>(() => Sound.Load(file.AsMemory()));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Null(exception.Path);
        Assert.Throws<SoundException>(() => Sound.Load(new PipeStream(file)));
    }

    [Fact]
    public void The_exception_names_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("bad.wav", "hello, world");

        var exception = Assert.Throws<SoundException>(() => Sound.Load(path));

        Assert.Equal(path, exception.Path);
        Assert.StartsWith($"'{path}' cannot be read. It is not a WAV file", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_the_exception_of_files()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<FileNotFoundException>(() => Sound.Load(folder.File("none.wav")));
    }

    [Fact]
    public void Limits_are_verified_before_memory_is_allocated()
    {
        var file = WavBytes.File(Format(Pcm, 2, 8000, 16), Data(new byte[4000]));
        var endless = Named("RIFF", 0, Format(Pcm, 2, 8000, 16), Chunk("data", new byte[400_000], 0));
        var limits = new SoundLimits { MaxSamples = 1999 };

        Assert.Equal(2000, Sound.Load(file, new SoundLimits { MaxSamples = 2000 }).Samples.Length);
        var exception = Assert.Throws<SoundException>(() => Sound.Load(file, limits));
        Assert.Contains("more than 1999 samples", exception.Message, StringComparison.Ordinal);
        Assert.Throws<SoundException>(() => Sound.Load(new PipeStream(file), limits));
        Assert.Throws<SoundException>(() => Sound.Load(endless, limits));
        Assert.Throws<SoundException>(() => Sound.Load(new PipeStream(endless), limits));
        Assert.Throws<SoundException>(() => Sound.Load(file, new SoundLimits { MaxChannels = 1 }));
        Assert.Throws<SoundException>(() => Sound.Load(file, new SoundLimits { MaxRate = 7999 }));
    }
}
