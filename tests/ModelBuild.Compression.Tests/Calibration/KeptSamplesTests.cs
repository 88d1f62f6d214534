using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Tests.Support;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class KeptSamplesTests
{
    // Each call of the tests has 4 bytes.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(11, 2)]
    [InlineData(12, 3)]
    [InlineData(1000, 5)]
    public void The_first_calls_that_fit_are_kept_and_all_are_read(long maxBytes, int keptCalls)
    {
        var made = 0;
        var source = new ListedSamples(
            Enumerable
                .Range(0, 5)
                .Select(i =>
                {
                    made++;
                    return ListedSamples.Call("x", [1], [i]);
                })
        );
        var kept = new KeptSamples(source, maxBytes);

        Assert.Equal([0, 1, 2, 3, 4], Numbers(kept.Read(CancellationToken.None)));
        made = 0;
        Assert.Equal(Enumerable.Range(0, keptCalls), Numbers(kept.Read(CancellationToken.None).Take(keptCalls)));
        Assert.Equal(0, made);
        Assert.Equal([0, 1, 2, 3, 4], Numbers(kept.Read(CancellationToken.None)));
        Assert.Equal(5 - keptCalls, made);
    }

    [Fact]
    public void A_source_without_calls_has_none() => Assert.Empty(new KeptSamples(new ListedSamples([]), 100).Read(CancellationToken.None));

    private static IEnumerable<int> Numbers(IEnumerable<Sample> samples) => samples.Select(sample => (int)BitConverter.ToSingle(sample.Inputs["x"].Data));
}
