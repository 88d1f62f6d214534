using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>The preparation of recordings of one rate allocates nothing after the first calls.</summary>
[Collection(nameof(ProcessWide))]
public sealed class AudioAllocationTests
{
    private const int Rounds = 3;
    private const int Calls = 100;

    [Theory]
    [InlineData("rate(16000)")]
    [InlineData("rate(16000) length(0.1) mel(80, 400, 160, drop-last=true) whisper")]
    [InlineData("rate(16000) preemphasis(0.97) mel(80, 512, 160, frame=400) log mean-variance frames(8)")]
    [InlineData("rate(16000) scale(32768) fbank(80, 400, 160) log cmn")]
    public void A_rate_that_repeats(string description)
    {
        var samples = new float[2 * 2000];
        foreach (var rate in new[] { 16_000, 44_100 })
        {
            var preparation = new AudioPreparation(description, TestSounds.Layout(description));
            var floats = new float[preparation.Size(2000, rate).Elements];
            var halves = new Half[floats.Length];
            Assert.Equal(
                0,
                BytesOf(() =>
                {
                    preparation.Write(samples, rate, 2, floats);
                    preparation.Write(samples, rate, 2, halves);
                })
            );
        }
    }

    [Theory]
    [InlineData(16_000)]
    [InlineData(44_100)]
    public void A_stream(int rate)
    {
        var chunker = new AudioChunker(new AudioPreparation("rate(16000) chunk(512) context(64)", AudioLayout.Samples), rate);
        var (samples, tensor) = (new float[1500], new float[576]);
        Assert.Equal(
            0,
            BytesOf(() =>
            {
                ReadOnlySpan<float> rest = samples;
                while (chunker.Read(ref rest, tensor))
                    tensor[0] = 1;
                while (chunker.Finish(tensor))
                    tensor[0] = 2;
            })
        );
    }

    private static long BytesOf(Action call)
    {
        for (var i = 0; i < 50; i++)
            call();
        // A call allocates in every round if it allocates; the runtime's own allocations happen in one of them.
        return Enumerable.Range(0, Rounds).Min(_ => BytesOfRound(call));
    }

    private static long BytesOfRound(Action call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
            call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
