using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Tests.Factorization;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(7, 3)]
    [InlineData(60, 60)]
    // The rank of the matrix is lower than its size, so that many eigenvalues are the same.
    [InlineData(40, 5)]
    public void Eigenpairs_are_what_the_matrix_does(int size, int rank)
    {
        var rows = Array.ConvertAll(Noise.Floats((long)size * rank), value => (double)value);
        var matrix = Products.Transposed(rows, rows, rank);

        Check(matrix, size);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Equal_eigenvalues_have_vectors_of_their_own(double value)
    {
        var matrix = new double[25];
        for (var i = 0; i < 5; i++)
            matrix[i * 6] = value;

        Check(matrix, 5);
    }

    [Fact]
    public void Products_are_those_of_their_definition()
    {
        var (a, b) = (
            Array.ConvertAll(Noise.Floats(5 * 7, seed: 2), value => (double)value),
            Array.ConvertAll(Noise.Floats(6 * 7, seed: 3), value => (double)value)
        );

        var product = Products.Transposed(a, b, 7);

        for (var row = 0; row < 5; row++)
        for (var column = 0; column < 6; column++)
            Assert.Equal(Enumerable.Range(0, 7).Sum(i => a[row * 7 + i] * b[column * 7 + i]), product[row * 6 + column], 1e-12);
    }

    private static void Check(double[] matrix, int size)
    {
        var eigen = new SymmetricEigen((double[])matrix.Clone(), size, CancellationToken.None);
        var values = eigen.Values(size);
        var vectors = eigen.Vectors(size, CancellationToken.None);
        var images = Products.Transposed(vectors, matrix, size);
        var gram = Products.Transposed(vectors, vectors, size);

        Assert.Equal(values.OrderDescending(), values);
        for (var row = 0; row < size; row++)
        for (var column = 0; column < size; column++)
        {
            Assert.Equal(row == column ? 1 : 0, gram[row * size + column], 1e-10);
            Assert.Equal(values[row] * vectors[row * size + column], images[row * size + column], 1e-10 * (1 + values[0]));
        }
    }
}
