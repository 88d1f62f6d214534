using ModelBuild.Compression.Passes.Quantization.Rotation;

namespace ModelBuild.Compression.Tests.Quantization.Rotation;

public sealed class RandomRotationTests
{
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(64)]
    [InlineData(120)]
    [InlineData(384)]
    [InlineData(97)]
    public void Rows_are_orthonormal_and_each_sums_to_one(int size)
    {
        var rows = Rows(size);

        for (var i = 0; i < size; i++)
        {
            Assert.Equal(1, rows[i].Sum(), 1e-10);
            for (var j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, rows[i].Zip(rows[j], (a, b) => a * b).Sum(), 1e-10);
        }
    }

    [Theory]
    [InlineData(64, 4)]
    [InlineData(256, 4)]
    [InlineData(384, 4)]
    [InlineData(120, 6)]
    public void One_large_element_becomes_a_vector_of_small_elements(int size, double limit)
    {
        var largest = Rows(size).Max(row => row.Max(Math.Abs));

        Assert.InRange(largest, 0, limit / Math.Sqrt(size));
    }

    [Fact]
    public void Two_matrices_of_one_size_are_equal() => Assert.Equal(Rows(48), Rows(48));

    private static double[][] Rows(int size)
    {
        var rotation = new RandomRotation(size);
        return
        [
            .. Enumerable
                .Range(0, size)
                .Select(i =>
                {
                    var row = new double[size];
                    row[i] = 1;
                    rotation.Apply(row);
                    return row;
                }),
        ];
    }
}
