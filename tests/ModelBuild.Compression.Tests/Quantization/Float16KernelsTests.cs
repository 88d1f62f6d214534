using ModelBuild.Compression.Passes.Quantization.Storage;

namespace ModelBuild.Compression.Tests.Quantization;

public sealed class Float16KernelsTests
{
    // Every float16, the middle between it and the next one, and what lies next to both: wherever rounding could go wrong.
    private static float[] Edges()
    {
        var edges = new List<float>();
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var half = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            var middle = (half + (float)BitConverter.UInt16BitsToHalf((ushort)(bits + 1))) / 2;
            edges.AddRange([half, MathF.BitIncrement(half), MathF.BitDecrement(half), middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle)]);
        }

        return [.. edges, 65519.99f, 65520, -65520, 65536, float.MaxValue, float.Epsilon, -float.Epsilon];
    }

    [Fact]
    public void Narrows_as_the_cast_does()
    {
        var values = Edges();

        var narrowed = Float16Kernels.Narrow(values);

        foreach (var (value, half) in values.Zip(narrowed))
            Assert.True(
                float.IsNaN(value) ? Half.IsNaN(half) : BitConverter.HalfToUInt16Bits((Half)value) == BitConverter.HalfToUInt16Bits(half),
                $"{value:R} became {half}"
            );
    }

    [Fact]
    public void Measures_what_the_cast_changes()
    {
        foreach (var value in Edges().Where(value => Half.IsFinite((Half)value)))
        {
            var (signal, noise) = Float16Kernels.Rounding([value]);

            var error = (double)value - (float)(Half)value;
            Assert.Equal((double)value * value, signal);
            Assert.Equal(error * error, noise);
        }
    }

    [Theory]
    [InlineData(65520)]
    [InlineData(-1e30f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void A_value_that_does_not_fit_shows(float value)
    {
        var (signal, noise) = Float16Kernels.Rounding([1, 2, 3, value, 5]);

        Assert.False(double.IsFinite(signal + noise));
    }
}
