using System.Numerics.Tensors;

namespace ModelBuild.Compression.Layers.LinearAlgebra;

/// <summary>
/// The lower triangular L with L Lᵀ = A + damping · I, of a symmetric matrix A that is positive semidefinite up to rounding. Row by row in float64; every inner product
/// runs along rows, a few rows at a time, so that what is multiplied stays in the processor's cache.
/// </summary>
internal sealed class Cholesky
{
    // Rows worked on together: 16 rows of 4608 numbers are 576 kB.
    private const int Together = 16;

    // Where a matrix turns out not to be definite, the damping grows by this factor from this share of the mean of the diagonal.
    private const double FirstShare = 1e-10;
    private const double Growth = 10;

    // A pivot below this share of its diagonal element is rounding noise.
    private const double Noise = 1e-13;

    // L in the lower triangle and Lᵀ in the upper one: both are walked along rows.
    private readonly double[] _both;

    private Cholesky(double[] both, int size) => (_both, Size) = (both, size);

    /// <summary>The number of rows.</summary>
    public int Size { get; }

    /// <summary>Factors <paramref name="matrix"/> [<paramref name="size"/>, <paramref name="size"/>], of which the lower triangle is read.</summary>
    /// <param name="matrix">Finite numbers; left as they are.</param>
    /// <param name="size">The number of rows.</param>
    /// <param name="damping">Added to the diagonal; more where the matrix is not positive definite even so.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public static Cholesky Factor(ReadOnlySpan<double> matrix, int size, double damping, CancellationToken cancellationToken) => FactorOver(matrix.ToArray(), size, damping, cancellationToken);

    /// <summary>As <see cref="Factor"/>, in the memory of the matrix, which is lost.</summary>
    public static Cholesky FactorOver(double[] matrix, int size, double damping, CancellationToken cancellationToken)
    {
        var diagonal = new double[size];
        for (var i = 0; i < size; i++)
            diagonal[i] = matrix[i * size + i];
        var mean = diagonal.Sum() / Math.Max(1, size);
        if (!double.IsFinite(mean))
            throw new ArgumentException("The matrix is not finite.", nameof(matrix));

        Mirror(matrix, size);
        var least = mean > 0 ? FirstShare * mean : 1;
        while (!TryFactor(matrix, diagonal, size, damping, cancellationToken))
        {
            damping = Math.Max(damping * Growth, least);
            // The upper triangle still has the matrix.
            for (var row = 0; row < size; row++)
                for (var column = 0; column < row; column++)
                    matrix[row * size + column] = matrix[column * size + row];
        }

        Mirror(matrix, size);
        return new Cholesky(matrix, size);
    }

    /// <summary>Row <paramref name="row"/> of L, up to and including the diagonal.</summary>
    public ReadOnlySpan<double> Lower(int row) => _both.AsSpan(row * Size, row + 1);

    /// <summary>Row <paramref name="row"/> of Lᵀ, from the diagonal on.</summary>
    public ReadOnlySpan<double> Upper(int row) => _both.AsSpan(row * Size + row, Size - row);

    /// <summary>Lᵀ [Size, Size]: upper triangular.</summary>
    public double[] Upper()
    {
        var upper = new double[_both.Length];
        for (var row = 0; row < Size; row++)
            Upper(row).CopyTo(upper.AsSpan(row * Size + row));
        return upper;
    }

    /// <summary>Replaces each row r of <paramref name="sides"/> [any, Size] by the x that solves (A + damping · I) x = r.</summary>
    public void Solve(Span<double> sides, CancellationToken cancellationToken)
    {
        for (var first = 0; first < sides.Length; first += Together * Size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var some = sides[first..Math.Min(first + Together * Size, sides.Length)];
            for (var i = 0; i < Size; i++)
                for (var row = some; row.Length > 0; row = row[Size..])
                    row[i] = (row[i] - TensorPrimitives.Dot<double>(Lower(i)[..i], row[..i])) / Lower(i)[i];
            for (var i = Size - 1; i >= 0; i--)
            {
                var right = Upper(i);
                for (var row = some; row.Length > 0; row = row[Size..])
                    row[i] = (row[i] - TensorPrimitives.Dot(right[1..], row[(i + 1)..Size])) / right[0];
            }
        }
    }

    /// <summary>The diagonal of (A + damping · I)⁻¹ = L⁻ᵀ L⁻¹: the squared lengths of the columns of L⁻¹.</summary>
    public double[] InverseDiagonal(CancellationToken cancellationToken)
    {
        var diagonal = new double[Size];
        var inverse = new double[_both.Length];
        for (var i = 0; i < Size; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = inverse.AsSpan(i * Size, i + 1);
            for (var k = 0; k < i; k++)
                TensorPrimitives.MultiplyAdd(inverse.AsSpan(k * Size, k + 1), -_both[i * Size + k] / _both[i * Size + i], row[..(k + 1)], row[..(k + 1)]);
            row[i] = 1 / _both[i * Size + i];
            for (var j = 0; j <= i; j++)
                diagonal[j] += row[j] * row[j];
        }

        return diagonal;
    }

    // The lower triangle onto the upper one.
    private static void Mirror(double[] matrix, int size)
    {
        for (var row = 0; row < size; row++)
            for (var column = 0; column < row; column++)
                matrix[column * size + row] = matrix[row * size + column];
    }

    private static bool TryFactor(double[] matrix, double[] diagonal, int size, double damping, CancellationToken cancellationToken)
    {
        for (var first = 0; first < size; first += Together)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = Math.Min(first + Together, size);
            for (var column = 0; column < end; column++)
            {
                var left = matrix.AsSpan(column * size, column);
                for (var row = Math.Max(first, column); row < end; row++)
                {
                    var products = TensorPrimitives.Dot<double>(left, matrix.AsSpan(row * size, column));
                    if (row > column)
                    {
                        matrix[row * size + column] = (matrix[row * size + column] - products) / matrix[column * size + column];
                        continue;
                    }

                    var rest = diagonal[row] - products + damping;
                    if (!(rest > Noise * (diagonal[row] + damping)) || !double.IsFinite(rest))
                        return false;
                    matrix[row * size + row] = Math.Sqrt(rest);
                }
            }
        }

        return true;
    }
}
