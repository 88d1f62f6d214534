using ModelBuild.Compression.Calibration.Ranges;
using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Tests.Calibration.Ranges;

public sealed class RangeSelectorTests
{
    [Theory]
    [InlineData(CalibrationMethod.MinMax, false, -1f, 3f)]
    [InlineData(CalibrationMethod.MinMax, true, -3f, 3f)]
    [InlineData(CalibrationMethod.Mean, false, -0.5f, 2.5f)]
    [InlineData(CalibrationMethod.Mean, true, -2.5f, 2.5f)]
    [InlineData(CalibrationMethod.MovingAverage, false, -0.75f, 2f)]
    [InlineData(CalibrationMethod.MovingAverage, true, -2f, 2f)]
    internal void Extremes_and_their_means_are_taken_as_they_are(CalibrationMethod method, bool isSymmetric, float min, float max) =>
        Assert.Equal((min, max), RangeSelector.Select(new TensorStatistics(-1, 3, -0.5f, 2.5f, -0.75f, 2, null, null, null), method, isSymmetric, 256));

    [Theory]
    [InlineData(2f, 3f, false, 0f, 3f)]
    [InlineData(-3f, -2f, false, -3f, 0f)]
    [InlineData(2f, 3f, true, -3f, 3f)]
    [InlineData(0f, 0f, false, 0f, 0f)]
    [InlineData(0f, 0f, true, 0f, 0f)]
    [InlineData(5f, 5f, false, 0f, 5f)]
    [InlineData(-5f, -5f, false, -5f, 0f)]
    public void Every_method_includes_zero_and_stays_within_what_was_seen(float min, float max, bool isSymmetric, float expectedMin, float expectedMax)
    {
        var counts = new long[TensorStatistics.Bins];
        Array.Fill(counts, 1, 0, min == max ? 1 : counts.Length);
        var statistics = new TensorStatistics(min, max, min, max, min, max, counts, null, null);

        Assert.Equal((expectedMin, expectedMax), RangeSelector.Select(statistics, CalibrationMethod.MinMax, isSymmetric, 256));
        foreach (var method in Enum.GetValues<CalibrationMethod>())
        {
            var range = RangeSelector.Select(statistics, method, isSymmetric, 256);
            Assert.InRange(range.Min, expectedMin, 0);
            Assert.InRange(range.Max, 0, expectedMax);
            // The values are evenly distributed, or there is only one value. Hardly any value can be clipped.
            Assert.InRange(range.Max - range.Min, 0.9 * (expectedMax - expectedMin), expectedMax - expectedMin);
        }
    }

    [Theory]
    [InlineData(99.999, false, 0f, 1f)]
    [InlineData(100, false, 0f, 2f)]
    [InlineData(99.999, true, -1f, 1f)]
    public void Percentile_cuts_the_only_tail_at_a_bin(double percentile, bool isSymmetric, float min, float max)
    {
        // 1,024,000 values are at most 1, and two values are 2. A share of 0.001 % is ten values.
        var counts = new long[TensorStatistics.Bins];
        Array.Fill(counts, 1000, 0, 1024);
        counts[^1] = 2;

        Assert.Equal((min, max), RangeSelector.Select(Of(0, 2, counts), CalibrationMethod.Percentile, isSymmetric, 256, percentile));
    }

    [Theory]
    [InlineData(99.8, false, -1f, 0.5f)]
    [InlineData(99.85, true, -1f, 1f)]
    public void Percentile_cuts_half_of_the_share_in_each_of_two_tails(double percentile, bool isSymmetric, float min, float max)
    {
        // 1000 values are in −1…0.5, and one is at the end of each tail of −2…2 (if the range is symmetric, only at the lower end). A share of 0.1 % is one
        // value. A share of 0.15 % is also one value. 0.15 % in each of two tails would be three values.
        var counts = new long[TensorStatistics.Bins];
        counts[0] = 1;
        counts[512] = 500;
        counts[1279] = 500;
        counts[^1] = isSymmetric ? 0 : 1;

        Assert.Equal((min, max), Rounded(RangeSelector.Select(Of(-2, 2, counts), CalibrationMethod.Percentile, isSymmetric, 256, percentile)));
    }

    [Theory]
    [InlineData(false, 256)]
    [InlineData(true, 255)]
    public void Entropy_searches_and_cuts_an_outlier(bool isSymmetric, int levels)
    {
        // The values have a normal distribution with a standard deviation of 1. Ten of a million values are 30.
        var counts = Bell(-6, 30, 1_000_000);
        counts[^1] = 10;

        var range = RangeSelector.Select(Of(-6, 30, counts), CalibrationMethod.Entropy, isSymmetric, levels);

        Assert.InRange(range.Max, 2.5, 7);
        Assert.InRange(range.Min, isSymmetric ? -range.Max : -6, -2.5);
    }

    [Fact]
    public void Entropy_cuts_the_upper_end_of_a_tensor_behind_Relu_and_ignores_its_zeros()
    {
        var counts = Bell(0, 30, 1_000_000);
        counts[^1] = 10;
        counts[0] = 5_000_000;

        var range = RangeSelector.Select(Of(0, 30, counts), CalibrationMethod.Entropy, false, 256);

        Assert.Equal(0, range.Min);
        Assert.InRange(range.Max, 2.5, 7);
    }

    [Theory]
    [InlineData(false, 256)]
    [InlineData(true, 255)]
    public void Entropy_is_not_drawn_to_values_that_come_again_and_again(bool isSymmetric, int levels)
    {
        // The histogram has the shape of a bell and a peak for each of 16 channels. Channels give such peaks for an even background, because each channel
        // repeats one value there.
        var counts = Bell(-6, 6, 1_000_000);
        for (var channel = 0; channel < 16; channel++)
            counts[800 + (29 * channel)] += 20_000;

        var range = RangeSelector.Select(Of(-6, 6, counts), CalibrationMethod.Entropy, isSymmetric, levels);

        Assert.InRange(range.Max, 3, 6);
        Assert.InRange(range.Min, -6, -3);
    }

    [Fact]
    public void Entropy_finds_the_candidate_of_least_divergence()
    {
        var counts = Bell(0, 8, 100_000);
        counts[^1] = 3;
        counts[300] += 1000;

        var range = RangeSelector.Select(Of(0, 8, counts), CalibrationMethod.Entropy, false, 64);

        // The test computes the definition directly. The range is one-sided, so that the candidates are the upper edges of bins.
        long[] seen = [0, .. counts[1..]];
        var spikes = Spikes(seen);
        var best = Enumerable.Range(64, counts.Length - 63).Reverse().MinBy(bins => Divergence(seen, spikes, bins, 64));
        Assert.Equal(8f * best / counts.Length, range.Max, 5);
        Assert.InRange(best, 65, counts.Length - 1);
    }

    [Theory]
    [InlineData(CalibrationMethod.Entropy)]
    [InlineData(CalibrationMethod.Mse)]
    [InlineData(CalibrationMethod.Percentile)]
    internal void Sixteen_bits_lose_nothing_of_an_even_spread(CalibrationMethod method)
    {
        var counts = new long[TensorStatistics.Bins];
        Array.Fill(counts, 10);

        Assert.Equal((-1f, 1f), RangeSelector.Select(Of(-1, 1, counts), method, false, 65536));
    }

    [Theory]
    [InlineData(false, 16)]
    [InlineData(true, 15)]
    [InlineData(false, 256)]
    [InlineData(true, 255)]
    public void Mse_has_no_more_error_than_any_range_of_a_grid_of_them(bool isSymmetric, int levels)
    {
        var counts = Bell(-5, 9, 100_000);
        counts[^1] = 20;
        counts[0] = 5;

        var range = RangeSelector.Select(Of(-5, 9, counts), CalibrationMethod.Mse, isSymmetric, levels);

        var least = double.PositiveInfinity;
        for (var low = 1; low <= 20; low++)
        for (var high = 1; high <= 20; high++)
            if (!isSymmetric || low == high)
                least = Math.Min(
                    least,
                    isSymmetric ? Error(counts, -9 * high / 20.0, 9 * high / 20.0, levels) : Error(counts, -5 * low / 20.0, 9 * high / 20.0, levels)
                );
        Assert.True(Error(counts, range.Min, range.Max, levels) <= least * 1.02, $"{range}: {Error(counts, range.Min, range.Max, levels)}, {least}");
        // Twenty of 100,000 values are 9. It is better to clip them if the steps are wide (up to 16 levels), and to include them in the range if the steps
        // are fine.
        Assert.Equal(levels > 16, range.Max > 8);

        double Error(long[] of, double min, double max, int grid)
        {
            var scale = (max - min) / (grid - 1);
            var zero = Math.Round(-min / scale);
            return of.Select((n, i) => (n, x: -5 + ((i + 0.5) * 14 / of.Length)))
                .Sum(bin => bin.n * Math.Pow(bin.x - ((Math.Clamp(Math.Round(bin.x / scale) + zero, 0, grid - 1) - zero) * scale), 2));
        }
    }

    [Fact]
    public void A_method_that_needs_a_histogram_says_so() =>
        Assert.Throws<ArgumentException>(() =>
            RangeSelector.Select(new TensorStatistics(-1, 1, -1, 1, -1, 1, null, null, null), CalibrationMethod.Mse, false, 256)
        );

    private static TensorStatistics Of(float min, float max, long[] counts) => new(min, max, min, max, min, max, counts, null, null);

    private static (float, float) Rounded((float Min, float Max) range) => (MathF.Round(range.Min, 3), MathF.Round(range.Max, 3));

    private static long[] Bell(double min, double max, double total)
    {
        var width = (max - min) / TensorStatistics.Bins;
        return
        [
            .. Enumerable
                .Range(0, TensorStatistics.Bins)
                .Select(i => min + ((i + 0.5) * width))
                .Select(x => (long)Math.Round(total * width * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI))),
        ];
    }

    // The part of a count above the median of the 17 filled bins around it is a symbol of its own.
    private static double[] Spikes(long[] seen)
    {
        int[] filled = [.. Enumerable.Range(0, seen.Length).Where(bin => seen[bin] > 0)];
        var spikes = new double[seen.Length];
        foreach (var (i, bin) in filled.Index())
        {
            long[] around = [.. filled.Skip(i - 8).Take(Math.Min(i, 8) + 9).Select(other => seen[other]).Order()];
            spikes[bin] = Math.Max(0, seen[bin] - around[around.Length / 2]);
        }

        return spikes;
    }

    private static double Divergence(long[] seen, double[] spikes, int bins, int groups)
    {
        double[] inside = [.. seen.Take(bins).Zip(spikes, (count, spike) => count - spike)];
        double[] p = [.. inside];
        p[^1] += seen[bins..].Sum();
        if (p[^1] > 0 && inside[^1] == 0)
            return double.PositiveInfinity;
        var q = new double[bins];
        for (var group = 0; group < groups; group++)
        {
            var (from, to) = (group * bins / groups, (group + 1) * bins / groups);
            var share = inside[from..to].Sum() / inside[from..to].Count(count => count > 0);
            for (var i = from; i < to; i++)
                q[i] = inside[i] > 0 ? share : 0;
        }

        p = [.. p, .. spikes[..bins]];
        q = [.. q, .. spikes[..bins]];
        var (sumP, sumQ) = (p.Sum(), q.Sum());
        return p.Zip(q).Where(pair => pair.First > 0).Sum(pair => pair.First / sumP * Math.Log(pair.First / sumP / (pair.Second / sumQ)));
    }
}
