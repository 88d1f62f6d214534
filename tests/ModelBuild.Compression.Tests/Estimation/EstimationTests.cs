using ModelBuild.Compression.Estimation;

namespace ModelBuild.Compression.Tests.Estimation;

/// <summary>Tests statistics against values that were computed with other programs or published.</summary>
public sealed class EstimationTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(0, 10, 0, 0.27753)]
    [InlineData(10, 10, 0.72247, 1)]
    [InlineData(10, 100, 0.05523, 0.17437)]
    [InlineData(81, 263, 0.25526, 0.36618)]
    public void Wilsons_interval_has_the_published_bounds(int hits, int samples, double low, double high)
    {
        var estimate = ShareEstimate.Of(hits, samples);

        Assert.Equal((double)hits / samples, estimate.Value, Tolerance);
        Assert.Equal(low, estimate.Low, Tolerance);
        Assert.Equal(high, estimate.High, Tolerance);
    }

    /// <summary>
    /// The data are about the airway responsiveness of children before and after a transplantation (Bentur and others, 2009). 1 and 7 of 21 pairs are
    /// discordant.
    /// </summary>
    [Fact]
    public void The_difference_of_paired_shares_has_the_published_interval_and_probability()
    {
        var difference = PairedDifference.Of(onlyFirst: 7, onlySecond: 1, samples: 21);

        Assert.Equal(-6.0 / 21, difference.Value, Tolerance);
        Assert.Equal(-0.5084, difference.Low, Tolerance);
        Assert.Equal(-0.0134, difference.High, Tolerance);
        Assert.Equal(0.0390625, difference.PValue, Tolerance);
        Assert.True(difference.IsSignificant);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(3, 3, 1 - 20.0 / 64 / 2 + 20.0 / 64 / 2)]
    [InlineData(0, 4, 1.0 / 16)]
    public void The_probability_of_a_split_follows_from_a_fair_coin(int onlyFirst, int onlySecond, double probability) =>
        Assert.Equal(probability, PairedDifference.Of(onlyFirst, onlySecond, 100).PValue, Tolerance);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.9, 3.7)]
    [InlineData(1, 4)]
    public void A_percentile_lies_between_the_nearest_values(double share, double expected) =>
        Assert.Equal(expected, Percentiles.Of([1, 2, 3, 4], share), Tolerance);

    [Fact]
    public void A_ratio_is_the_median_of_the_ratios_of_pairs()
    {
        var ratio = RatioFigures.Of([1, 2, 4, 8, 10], [2, 2, 2, 16, 5]);

        Assert.Equal((1, 0.5, 2), (ratio.Median, ratio.Low, ratio.High));
    }
}
