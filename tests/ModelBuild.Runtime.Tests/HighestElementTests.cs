using System.Numerics.Tensors;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Tests;

public sealed class HighestElementTests
{
    [Theory]
    [InlineData(1f)]
    [InlineData(1f, 3f, 2f)]
    [InlineData(3f, 3f, 1f)]
    [InlineData(-0f, 0f, -0f)]
    [InlineData(0f, -0f)]
    [InlineData(1f, float.NaN, 5f, float.NaN)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(-1f, float.PositiveInfinity, 2f)]
    public void Short_rows_are_ordered_as_long_ones(params float[] row)
    {
        Assert.Equal(TensorPrimitives.IndexOfMax<float>(row), HighestElement.IndexOf<float>(row));
        Assert.Equal(TensorPrimitives.IndexOfMax<double>([.. row]), HighestElement.IndexOf<double>([.. row]));
        Assert.Equal(
            TensorPrimitives.IndexOfMax<Half>(Array.ConvertAll(row, value => (Half)value)),
            HighestElement.IndexOf<Half>(Array.ConvertAll(row, value => (Half)value))
        );
    }

    [Theory]
    [InlineData(2047)]
    [InlineData(2048)]
    public void Whole_numbers_are_found_on_both_sides_of_the_bound(int length)
    {
        var numbers = new long[length];
        numbers[length - 2] = 7;
        Assert.Equal(length - 2, HighestElement.IndexOf<long>(numbers));
        Assert.Equal(length - 2, HighestElement.IndexOf<int>(Array.ConvertAll(numbers, number => (int)number)));
    }
}
