using ModelBuild.Compression.Profiling;

namespace ModelBuild.Compression.Tests.Profiling;

public sealed class LatencyFiguresTests
{
    [Fact]
    public void The_figures_of_known_times_are_exact()
    {
        var figures = LatencyFigures.Of([.. Enumerable.Range(1, 101).Reverse().Select(time => (double)time)]);

        Assert.Equal((101, 1.0, 51.0, 91.0, 100.0, 101.0), (figures.Calls, figures.MinMs, figures.P50Ms, figures.P90Ms, figures.P99Ms, figures.MaxMs));
        Assert.Equal(51, figures.MeanMs);
        // The variance of 1…n is n (n + 1) / 12.
        Assert.Equal(Math.Sqrt(101 * 102 / 12.0), figures.DeviationMs, 1e-6);
    }

    [Fact]
    public void One_call_has_no_spread()
    {
        var figures = LatencyFigures.Of([2.5]);

        Assert.Equal((2.5, 2.5, 0.0), (figures.P50Ms, figures.P99Ms, figures.DeviationMs));
    }

    [Theory]
    [InlineData(0.01234, "0.0123")]
    [InlineData(0.5, "0.500")]
    [InlineData(4.567, "4.57")]
    [InlineData(45.67, "45.7")]
    [InlineData(4567.8, "4,568")]
    public void A_time_has_three_digits(double milliseconds, string text) => Assert.Equal(text, Milliseconds.Format(milliseconds));
}
