using ModelBuild.Compression.Passes.Quantization.Storage;

namespace ModelBuild.Compression.Tests.Quantization;

public sealed class Float16KernelsTests
{
    // The values are every float16, the middle between it and the next one, and the neighbours of both. Rounding could be wrong at each of these values.
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

        // There is one assertion for all values, because there are 400,000 of them.
        Assert.Equal(values.Length, narrowed.Length);
        Assert.DoesNotContain(values.Zip(narrowed), pair => !IsCast(pair.First, pair.Second));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Measures_what_the_cast_changes()
    {
        Assert.DoesNotContain(Edges(), value => Half.IsFinite((Half)value) && Float16Kernels.Rounding([value]) != Expected(value));

        static (double Signal, double Noise) Expected(float value)
        {
            var error = (double)value - (float)(Half)value;
            return ((double)value * value, error * error);
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

    private static bool IsCast(float value, Half half) =>
        float.IsNaN(value) ? Half.IsNaN(half) : BitConverter.HalfToUInt16Bits((Half)value) == BitConverter.HalfToUInt16Bits(half);
}
