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

    private readonly double[] _lower;

    private Cholesky(double[] lower, int size) => (_lower, Size) = (lower, size);

    /// <summary>The number of rows.</summary>
    public int Size { get; }

    /// <summary>Factors <paramref name="matrix"/> [<paramref name="size"/>, <paramref name="size"/>], of which the lower triangle is read.</summary>
    /// <param name="matrix">Finite numbers; left as they are.</param>
    /// <param name="size">The number of rows.</param>
    /// <param name="damping">Added to the diagonal; more where the matrix is not positive definite even so.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public static Cholesky Factor(ReadOnlySpan<double> matrix, int size, double damping, CancellationToken cancellationToken)
    {
        var mean = 0.0;
        for (var i = 0; i < size; i++)
            mean += matrix[i * size + i] / size;
        if (!double.IsFinite(mean))
            throw new ArgumentException("The matrix is not finite.", nameof(matrix));

        var lower = new double[matrix.Length];
        var least = mean > 0 ? FirstShare * mean : 1;
        while (!TryFactor(matrix, lower, size, damping, cancellationToken))
            damping = Math.Max(damping * Growth, least);
        return new Cholesky(lower, size);
    }

    /// <summary>Row <paramref name="row"/> of L, up to and including the diagonal.</summary>
    public ReadOnlySpan<double> Lower(int row) => _lower.AsSpan(row * Size, row + 1);

    /// <summary>Lᵀ [Size, Size]: upper triangular.</summary>
    public double[] Upper()
    {
        var upper = new double[_lower.Length];
        for (var row = 0; row < Size; row++)
            for (var column = 0; column <= row; column++)
                upper[column * Size + row] = _lower[row * Size + column];
        return upper;
    }

    /// <summary>Replaces each row r of <paramref name="sides"/> [any, Size] by the x that solves (A + damping · I) x = r.</summary>
    public void Solve(Span<double> sides, CancellationToken cancellationToken)
    {
        var upper = Upper();
        for (var first = 0; first < sides.Length; first += Together * Size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var some = sides[first..Math.Min(first + Together * Size, sides.Length)];
            for (var i = 0; i < Size; i++)
                for (var row = some; row.Length > 0; row = row[Size..])
                    row[i] = (row[i] - TensorPrimitives.Dot<double>(Lower(i)[..i], row[..i])) / _lower[i * Size + i];
            for (var i = Size - 1; i >= 0; i--)
            {
                var right = upper.AsSpan(i * Size + i + 1, Size - i - 1);
                for (var row = some; row.Length > 0; row = row[Size..])
                    row[i] = (row[i] - TensorPrimitives.Dot<double>(right, row[(i + 1)..Size])) / _lower[i * Size + i];
            }
        }
    }

    /// <summary>The diagonal of (A + damping · I)⁻¹ = L⁻ᵀ L⁻¹: the squared lengths of the columns of L⁻¹.</summary>
    public double[] InverseDiagonal(CancellationToken cancellationToken)
    {
        var diagonal = new double[Size];
        var inverse = new double[_lower.Length];
        for (var i = 0; i < Size; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = inverse.AsSpan(i * Size, i + 1);
            for (var k = 0; k < i; k++)
                TensorPrimitives.MultiplyAdd(inverse.AsSpan(k * Size, k + 1), -_lower[i * Size + k] / _lower[i * Size + i], row[..(k + 1)], row[..(k + 1)]);
            row[i] = 1 / _lower[i * Size + i];
            for (var j = 0; j <= i; j++)
                diagonal[j] += row[j] * row[j];
        }

        return diagonal;
    }

    private static bool TryFactor(ReadOnlySpan<double> matrix, double[] lower, int size, double damping, CancellationToken cancellationToken)
    {
        for (var first = 0; first < size; first += Together)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = Math.Min(first + Together, size);
            for (var column = 0; column < end; column++)
            {
                var left = lower.AsSpan(column * size, column);
                for (var row = Math.Max(first, column); row < end; row++)
                {
                    var rest = matrix[row * size + column] - TensorPrimitives.Dot<double>(left, lower.AsSpan(row * size, column));
                    if (row > column)
                    {
                        lower[row * size + column] = rest / lower[column * size + column];
                        continue;
                    }

                    rest += damping;
                    if (!(rest > Noise * (matrix[row * size + row] + damping)) || !double.IsFinite(rest))
                        return false;
                    lower[row * size + row] = Math.Sqrt(rest);
                }
            }
        }

        return true;
    }
}
