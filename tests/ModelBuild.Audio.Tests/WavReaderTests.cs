using static ModelBuild.Audio.Tests.WavBytes;

namespace ModelBuild.Audio.Tests;

/// <summary>Long files are read part by part.</summary>
public sealed class WavReaderTests
{
    private const int Count = 300_000;

    [Theory]
    [InlineData(2)]
    [InlineData(777)]
    [InlineData(1_000_000)]
    public void Parts_of_any_length_are_the_whole(int length)
    {
        var samples = Enumerable.Range(0, Count).Select(i => (short)(i * 31)).ToArray();
        using var reader = new WavReader(new MemoryStream(WavBytes.File(Format(Pcm, 2, 16_000, 16), Data(Shorts(samples)))));
        var read = new List<float>();
        var part = new float[length];

        while (reader.Read(part) is > 0 and var count)
            read.AddRange(part[..count]);

        Assert.Equal((16_000, 2, (long?)(Count / 2)), (reader.Rate, reader.Channels, reader.Length));
        Assert.Equal(samples.Select(sample => sample / 32_768f), read);
        Assert.Equal(0, reader.Read(part));
    }

    [Fact]
    public void A_length_that_the_header_does_not_say_is_null()
    {
        var file = Named("RIFF", 0, Format(Pcm, 1, 8000, 16), Chunk("data", Shorts(1, 2, 3), 0));
        using var reader = new WavReader(new PipeStream(file));

        Assert.Null(reader.Length);
        Assert.Equal(3, reader.Read(new float[10]));
    }

    [Fact]
    public void A_truncated_pipe_is_noticed_where_it_ends()
    {
        var file = WavBytes.File(Format(Pcm, 1, 8000, 16), Chunk("data", new byte[100_000], 200_000));
        using var reader = new WavReader(new PipeStream(file));

        Assert.Equal(100, reader.Read(new float[100]));
        var exception = Assert.Throws<SoundException>(() => reader.Read(new float[100_000]));
        Assert.Equal("It is truncated: its header says 200000 bytes of samples, and 100000 are there.", exception.Message);
    }

    [Fact]
    public void A_read_has_room_for_one_sample_of_each_channel()
    {
        using var reader = new WavReader(new MemoryStream(WavBytes.File(Format(Pcm, 2, 8000, 16), Data(Shorts(16_384, 8192)))));

        Assert.Throws<ArgumentException>(() => reader.Read(new float[1]));
        Assert.Equal(2, reader.Read(new float[3]));
    }

    [Fact]
    public void The_stream_is_closed_or_left_open()
    {
        var file = WavBytes.File(Format(Pcm, 1, 8000, 16), Data(Shorts(1)));
        var (closed, open) = (new MemoryStream(file), new MemoryStream(file));

        new WavReader(closed).Dispose();
        new WavReader(open, leaveOpen: true).Dispose();

        Assert.False(closed.CanRead);
        Assert.True(open.CanRead);
    }

    [Fact]
    public void Parts_allocate_nothing()
    {
        using var reader = new WavReader(new MemoryStream(WavBytes.File(Format(Pcm, 1, 16_000, 16), Data(new byte[Count]))));
        var part = new float[100];
        reader.Read(part);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            reader.Read(part);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
