using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(75)]
    public void The_factor_gives_the_matrix_back_and_solves_it(int size)
    {
        var matrix = Definite(size, size + 5);
        var right = Array.ConvertAll(Noise.Floats(19 * size, seed: 5), value => (double)value);

        var factor = Cholesky.Factor(matrix, size, damping: 0.5, CancellationToken.None);
        var solved = right.ToArray();
        factor.Solve(solved, CancellationToken.None);

        for (var i = 0; i < size; i++)
        for (var j = 0; j < size; j++)
        {
            matrix[i * size + j] += i == j ? 0.5 : 0;
            var product = Enumerable.Range(0, Math.Min(i, j) + 1).Sum(k => factor.Lower(i)[k] * factor.Upper(k)[j - k]);
            Assert.Equal(matrix[i * size + j], product, 1e-10);
        }

        for (var side = 0; side < 19; side++)
        for (var i = 0; i < size; i++)
            Assert.Equal(right[side * size + i], Enumerable.Range(0, size).Sum(k => matrix[i * size + k] * solved[side * size + k]), 1e-9);
    }

    [Fact]
    public void A_matrix_that_is_not_definite_is_damped_until_it_is()
    {
        var matrix = Definite(size: 40, rank: 7);

        var factor = Cholesky.Factor(matrix, 40, damping: 0, CancellationToken.None);

        for (var i = 0; i < 40; i++)
            Assert.Equal(matrix[i * 40 + i], factor.Lower(i).ToArray().Sum(value => value * value), 1e-6);
        Assert.Equal(1, Cholesky.Factor(new double[9], 3, damping: 0, CancellationToken.None).Lower(2)[2]);
        Assert.Throws<ArgumentException>(() => Cholesky.Factor([double.NaN], 1, damping: 0, CancellationToken.None));
    }

    private static double[] Definite(int size, int rank)
    {
        var root = Noise.Floats(size * rank, seed: 7);
        var matrix = new double[size * size];
        for (var i = 0; i < size; i++)
        for (var j = 0; j < size; j++)
        for (var k = 0; k < rank; k++)
            matrix[i * size + j] += (double)root[i * rank + k] * root[j * rank + k];
        return matrix;
    }
}
