using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes.Quantization;

namespace ModelBuild.Compression.Tests.Quantization;

public sealed class SymmetricInt8Tests
{
    [Fact]
    public void Halves_are_rounded_to_even_and_the_range_is_symmetric()
    {
        var (values, scales) = SymmetricInt8.Quantize([-127, 127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 0, -0f], [9], [1]);

        Assert.Equal([1f], scales);
        Assert.Equal([-127, 127, 0, 2, 2, 0, -2, 0, 0], values.Select(value => (int)value));
    }

    [Fact]
    public void Each_slice_has_its_own_scale_along_any_axes()
    {
        float[] weight = [1, -2, 3, 4, 5, -6, 7, 8, 9, 10, -11, 12];

        var (_, byFirst) = SymmetricInt8.Quantize(weight, [2, 3, 2], [2, 1, 1]);
        var (_, byMiddle) = SymmetricInt8.Quantize(weight, [2, 3, 2], [1, 3, 1]);
        var (values, byOuter) = SymmetricInt8.Quantize(weight, [2, 3, 2], [2, 1, 2]);
        var (_, byNone) = SymmetricInt8.Quantize(weight, [2, 3, 2], [1, 1, 1]);

        Assert.Equal([6f / 127, 12f / 127], byFirst);
        Assert.Equal([8f / 127, 10f / 127, 12f / 127], byMiddle);
        Assert.Equal([5f / 127, 6f / 127, 11f / 127, 12f / 127], byOuter);
        Assert.Equal([12f / 127], byNone);
        Assert.Equal([25, -42, 76, 85, 127, -127, 81, 85, 104, 106, -127, 127], values.Select(value => (int)value));
    }

    [Fact]
    public void Nothing_is_quantized_to_nothing()
    {
        var (values, scales) = SymmetricInt8.Quantize([0, 0, float.Epsilon, 1], [2, 2], [2, 1]);

        Assert.Equal(1f, scales[0]);
        Assert.Equal([0, 0, 0, 127], values.Select(value => (int)value));
        Assert.Empty(SymmetricInt8.Quantize([], [0, 4], [1, 4]).Values);
    }

    [Theory]
    [InlineData(new long[] { 70, 300 }, new long[] { 70, 1 })]
    [InlineData(new long[] { 70, 300 }, new long[] { 1, 300 })]
    [InlineData(new long[] { 70, 300 }, new long[] { 1, 1 })]
    [InlineData(new long[] { 70, 300 }, new long[] { 70, 300 })]
    [InlineData(new long[] { 40, 50, 3, 3 }, new long[] { 40, 1, 1, 1 })]
    [InlineData(new long[] { 40, 50, 3, 3 }, new long[] { 1, 50, 1, 1 })]
    [InlineData(new long[] { 3, 70, 90 }, new long[] { 3, 1, 90 })]
    [InlineData(new long[] { 3, 1, 90, 1 }, new long[] { 1, 1, 90, 1 })]
    [InlineData(new long[] { 800, 1200 }, new long[] { 1, 1200 })]
    [InlineData(new long[] { 800, 1200 }, new long[] { 1, 1 })]
    public void Vectors_and_processors_change_no_bit(long[] shape, long[] scaleShape)
    {
        var weight = Noise.Floats(shape.Aggregate(1L, (a, b) => a * b));
        var slots = new ScaleSlots(shape, scaleShape);
        var slot = weight.Select(_ => slots.Next()).ToArray();
        var largest = new float[slots.Count];
        for (var i = 0; i < weight.Length; i++)
            largest[slot[i]] = Math.Max(largest[slot[i]], Math.Abs(weight[i]));

        var (values, scales) = SymmetricInt8.Quantize(weight, shape, scaleShape);

        Assert.Equal<float>([.. largest.Select(value => (float)(value / 127.0))], scales);
        Assert.Equal<sbyte>([.. weight.Select((value, i) => (sbyte)Math.Round(value / (double)scales[slot[i]], MidpointRounding.ToEven))], values);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    [InlineData(63)]
    public void One_number_that_is_not_finite_is_found_anywhere(int at)
    {
        var values = Noise.Floats(64, scale: 1e38);
        Assert.True(new ReadOnlySpan<float>(values).IsFinite());

        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            values[at] = bad;
            Assert.False(new ReadOnlySpan<float>(values).IsFinite());
        }
    }
}
