using ModelBuild.Compression.Training.Explanation;
using ModelBuild.Compression.Training.Normalizations;

namespace ModelBuild.Compression.Tests.Training.Normalizations;

public sealed class ChannelMomentsTests
{
    // In double precision, the sum of squares minus the square of the sum would lose all digits of the variance.
    [Fact]
    public void A_large_mean_does_not_cancel_the_variance()
    {
        const float Mean = 1 << 23;
        var moments = new ChannelMoments(2);

        moments.Add(new FloatValue([2, 2, 2], [Mean, Mean + 1, 0, 0, Mean + 2, Mean + 3, 0, 4]));
        moments.Add(new FloatValue([1, 2, 3], [Mean + 4, Mean + 5, Mean + 6, 8, 0, 0]));

        Assert.Equal([Mean + 3, 12f / 7], moments.Means());
        Assert.Equal(4, moments.Variances()[0]);
        Assert.Equal((80.0 / 7) - (144.0 / 49), moments.Variances()[1], 1e-6);
    }

    [Fact]
    public void A_value_without_channels_has_one()
    {
        var moments = new ChannelMoments(1);

        moments.Add(new FloatValue([3], [1, 2, 6]));
        moments.Add(new FloatValue([0], []));

        Assert.Equal([3f], moments.Means());
        Assert.Equal([14f / 3], moments.Variances());
    }
}
