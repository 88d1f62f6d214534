using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Optimizers;

namespace ModelBuild.Compression.Tests.Training.Optimizers;

public sealed class GradientNormTests
{
    public static TheoryData<double, bool> Limits =>
        new()
        {
            { 0, false },
            { 0.5, true },
            { 1e6, false },
        };

    [Theory]
    [MemberData(nameof(Limits))]
    public void Gradients_above_the_limit_are_scaled_together(double limit, bool isScaled)
    {
        var parameters = Trained.Parameters();
        Trained.SetGradients(parameters, 1);
        float[][] before = [.. parameters.Select(parameter => parameter.Gradient.ToArray())];
        var expected = Math.Sqrt(before.Sum(gradient => gradient.Sum(value => (double)value * value)));

        var norm = GradientNorm.Clip(parameters, limit);

        Assert.Equal(expected, norm, expected * 1e-12);
        var scale = isScaled ? limit / expected : 1;
        foreach (var (gradient, parameter) in before.Zip(parameters))
            Assert.All(gradient.Zip(parameter.Gradient), pair => Assert.Equal(pair.First * scale, pair.Second, 1e-6));
    }

    [Theory]
    [InlineData(3e38f, 3e38)]
    [InlineData(1e-30f, 1e-30)]
    public void Squares_neither_overflow_nor_vanish(float value, double expected)
    {
        var parameter = new Parameter("w", [1, 40], new float[40]);
        parameter.Gradient[3] = value;

        Assert.Equal(1, GradientNorm.Clip([parameter], 0) / expected, 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_norm_that_is_not_finite_is_returned_and_scales_nothing(float fault)
    {
        var parameter = new Parameter("w", [1, 40], new float[40]);
        (parameter.Gradient[0], parameter.Gradient[39]) = (2, fault);

        Assert.False(double.IsFinite(GradientNorm.Clip([parameter], 1)));
        Assert.Equal(2, parameter.Gradient[0]);
    }
}
