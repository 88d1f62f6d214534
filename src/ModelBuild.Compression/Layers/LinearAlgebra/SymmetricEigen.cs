namespace ModelBuild.Compression.Layers.LinearAlgebra;

/// <summary>
/// Computes the largest eigenvalues of a symmetric matrix and their eigenvectors. Householder reflections reduce the matrix to tridiagonal form (Golub and
/// Van Loan 2013, Matrix Computations, section 8.3.1), and only the requested eigenpairs are computed. All arithmetic is float64 and gives equal results on
/// all machines.
/// </summary>
internal sealed class SymmetricEigen
{
    private readonly double[] _reflectors;
    private readonly double[] _scales;
    private readonly int _size;
    private readonly Tridiagonal _tridiagonal;

    /// <summary>Reduces <paramref name="matrix"/> [size, size] to tridiagonal form.</summary>
    /// <param name="matrix">The matrix with finite elements, which is overwritten.</param>
    /// <param name="size">The number of rows.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public SymmetricEigen(double[] matrix, int size, CancellationToken cancellationToken)
    {
        (_reflectors, _scales, _size) = (matrix, new double[size], size);
        var (diagonal, beside) = (new double[size], new double[Math.Max(0, size - 1)]);
        var product = new double[size];
        for (var k = 0; k < size - 1; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            diagonal[k] = matrix[k * size + k];
            var v = matrix.AsSpan(k * size + k + 1, size - k - 1);
            (beside[k], _scales[k]) = Reflect(v);
            if (_scales[k] != 0)
                Update(v, _scales[k], matrix.AsSpan((k + 1) * size), k + 1, product.AsSpan(0, v.Length));
        }

        diagonal[size - 1] = matrix[^1];
        _tridiagonal = new Tridiagonal(diagonal, beside);
    }

    /// <summary>Returns the largest eigenvalues of the matrix in descending order.</summary>
    public double[] Values(int count) => _tridiagonal.Greatest(count);

    /// <summary>Returns the orthonormal eigenvectors of the largest eigenvalues, one per row [count, size].</summary>
    public double[] Vectors(int count, CancellationToken cancellationToken)
    {
        var vectors = _tridiagonal.Vectors(Values(count), cancellationToken);
        for (var row = 0; row < count; row++)
        for (var k = _size - 2; k >= 0; k--)
            if (_scales[k] != 0)
            {
                var v = _reflectors.AsSpan(k * _size + k + 1, _size - k - 1);
                var part = vectors.AsSpan(row * _size + k + 1, v.Length);
                Products.AddScaled(-_scales[k] * Products.Dot(v, part), v, part);
            }
        return vectors;
    }

    // Replaces x by the vector v of the Householder reflection that maps x to a multiple of the first unit vector: (I − scale · v vᵀ) x = (beside, 0, …).
    private static (double Beside, double Scale) Reflect(Span<double> x)
    {
        var rest = Products.Dot(x[1..], x[1..]);
        if (rest == 0)
            return (x[0], 0);
        var length = Math.Sqrt(x[0] * x[0] + rest);
        var beside = x[0] > 0 ? -length : length;
        x[0] -= beside;
        return (beside, 2 / (x[0] * x[0] + rest));
    }

    // Applies a Householder reflection to both sides of the symmetric matrix A: computes A − v wᵀ − w vᵀ with w = p − scale/2 (pᵀv) v and p = scale · A v.
    private static void Update(ReadOnlySpan<double> v, double scale, Span<double> rows, int first, Span<double> w)
    {
        var size = first + v.Length;
        for (var row = 0; row < v.Length; row++)
            w[row] = scale * Products.Dot(rows.Slice(row * size + first, v.Length), v);
        Products.AddScaled(-scale / 2 * Products.Dot(w, v), v, w);
        for (var row = 0; row < v.Length; row++)
        {
            var target = rows.Slice(row * size + first, v.Length);
            Products.AddScaled(-v[row], w, target);
            Products.AddScaled(-w[row], v, target);
        }
    }
}
