using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class SplitMix64Tests
{
    [Fact]
    public void The_numbers_are_those_of_the_published_generator()
    {
        // The numbers are the first outputs of the authors' reference code for the seed 1234567.
        var random = new SplitMix64(1234567);

        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => random.Next())
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1L << 40)]
    public void Whole_numbers_stay_below_the_limit_and_are_spread_evenly(long limit)
    {
        var random = new SplitMix64(3);

        var values = Enumerable.Range(0, 20_000).Select(_ => random.Below(limit)).ToArray();

        Assert.All(values, value => Assert.InRange(value, 0, limit - 1));
        Assert.InRange(values.Average(), (limit - 1) * 0.49, (limit - 1) * 0.51);
    }

    [Fact]
    public void Normal_numbers_have_the_deviation_of_one()
    {
        var random = new SplitMix64(4);

        var values = Enumerable.Range(0, 20_000).Select(_ => random.NextNormal()).ToArray();

        Assert.InRange(values.Average(), -0.03, 0.03);
        Assert.InRange(values.Average(value => value * value), 0.97, 1.03);
    }
}
