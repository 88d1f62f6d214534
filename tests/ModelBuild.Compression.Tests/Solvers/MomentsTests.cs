using ModelBuild.Compression.Layers.Moments;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class MomentsTests
{
    private const int Inputs = 13;
    private const int Outputs = 5;
    private const int Rows = 2500;

    private readonly float[] _x = Noise.Floats(Rows * Inputs, seed: 31);
    private readonly float[] _y = Noise.Floats(Rows * Outputs, seed: 32);

    [Fact]
    public void Moments_are_means_of_products()
    {
        var moments = Problems.Moments(_x, _y, Inputs, Outputs);

        Assert.Equal((Inputs, Outputs, Rows), (moments.Inputs, moments.Outputs, moments.Rows));
        for (var i = 0; i < Inputs; i++)
        {
            Assert.Equal(Mean(row => X(row, i)), moments.InputMean[i], 1e-12);
            for (var j = 0; j < Inputs; j++)
                Assert.Equal(Mean(row => X(row, i) * X(row, j)), moments.Gram[i * Inputs + j], 1e-6);
            for (var j = 0; j < Outputs; j++)
                Assert.Equal(Mean(row => Y(row, j) * X(row, i)), moments.Cross[j * Inputs + i], 1e-6);
        }

        for (var j = 0; j < Outputs; j++)
        {
            Assert.Equal(Mean(row => Y(row, j)), moments.TargetMean[j], 1e-12);
            Assert.Equal(Mean(row => Y(row, j) * Y(row, j)), moments.TargetSquare[j], 1e-12);
        }
    }

    [Fact]
    public void It_does_not_matter_in_which_portions_rows_come()
    {
        using var products = new MomentProducts();
        var sums = new MomentsAccumulator(products, Inputs, Outputs);
        for (var row = 0; row < Rows; )
        {
            var count = Math.Min(1 + row / 3, Rows - row);
            sums.Add(_x.AsSpan(row * Inputs, count * Inputs), _y.AsSpan(row * Outputs, count * Outputs));
            row += count;
        }

        var (expected, actual) = (Problems.Moments(_x, _y, Inputs, Outputs), sums.Moments()!);

        Assert.Equal(expected.Gram, actual.Gram);
        Assert.Equal(expected.Cross, actual.Cross);
        Assert.Equal(expected.InputMean, actual.InputMean);
    }

    [Fact]
    public void Rows_that_are_not_finite_are_left_out()
    {
        using var products = new MomentProducts();
        var sums = new MomentsAccumulator(products, 2, 1);

        Assert.Null(sums.Moments());
        sums.Add([1, float.NaN, float.PositiveInfinity, 2, 3, 4, 5, 6, -1e30f, 8], [1, 2, float.NaN, float.NegativeInfinity, 5]);
        Assert.Null(sums.Moments());
        sums.Add([1, -3], [2]);

        var moments = sums.Moments()!;
        Assert.Equal(1, moments.Rows);
        Assert.Equal([1.0, -3, -3, 9], moments.Gram);
        Assert.Equal([2.0, -6], moments.Cross);
        Assert.Equal([4.0], moments.TargetSquare);
    }

    private static double Mean(Func<int, double> value) => Enumerable.Range(0, Rows).Sum(value) / Rows;

    private double X(int row, int column) => _x[row * Inputs + column];

    private double Y(int row, int column) => _y[row * Outputs + column];
}
