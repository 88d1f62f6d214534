namespace ModelBuild.Compression.Layers.LinearAlgebra;

/// <summary>
/// The lower triangular factor L with L Lᵀ = A + damping · I for a symmetric matrix A that is positive semidefinite up to rounding errors. The factorization
/// uses float64. Inner products run along rows, several rows at a time, so that operands stay in the CPU cache. The number of threads does not change the
/// result.
/// </summary>
internal sealed class Cholesky
{
    // The number of columns in a panel of the Cholesky factorization: the columns are completed before the rows below them.
    private const int Panel = 64;
    private const long WorthThreads = 1 << 20;

    // If a matrix is not positive definite, a damping is added to its diagonal. It starts at this share of the mean of the diagonal and grows by this factor.
    private const double FirstShare = 1e-10;
    private const double Growth = 10;

    // A pivot of the Cholesky factorization that is below this share of its diagonal element is rounding noise, so that the matrix counts as not positive
    // definite.
    private const double Noise = 1e-13;

    // The lower triangle of this matrix holds the Cholesky factor L and the upper one Lᵀ, so that both are read along rows.
    private readonly double[] _both;

    private Cholesky(double[] both, int size) => (_both, Size) = (both, size);

    /// <summary>The number of rows and columns of the matrix.</summary>
    public int Size { get; }

    /// <summary>Factorizes <paramref name="matrix"/> [<paramref name="size"/>, <paramref name="size"/>]. Only the lower triangle is read.</summary>
    /// <param name="matrix">The matrix with finite elements, which does not change.</param>
    /// <param name="size">The number of rows.</param>
    /// <param name="damping">The number that is added to the diagonal. It is increased if the matrix is not positive definite.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public static Cholesky Factor(ReadOnlySpan<double> matrix, int size, double damping, CancellationToken cancellationToken) =>
        FactorOver(matrix.ToArray(), size, damping, cancellationToken);

    /// <summary>Factorizes a matrix as <see cref="Factor"/> does, but overwrites it with the factor to save memory.</summary>
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
            // The lower triangle is restored after a failed factorization from the upper triangle, which still holds the original symmetric matrix.
            for (var row = 0; row < size; row++)
            for (var column = 0; column < row; column++)
                matrix[row * size + column] = matrix[column * size + row];
        }

        Mirror(matrix, size);
        return new Cholesky(matrix, size);
    }

    /// <summary>Returns row <paramref name="row"/> of the lower triangular factor L, up to the diagonal.</summary>
    public ReadOnlySpan<double> Lower(int row) => _both.AsSpan(row * Size, row + 1);

    /// <summary>Returns row <paramref name="row"/> of the upper triangular factor Lᵀ, from the diagonal on.</summary>
    public ReadOnlySpan<double> Upper(int row) => _both.AsSpan(row * Size + row, Size - row);

    /// <summary>Returns the transposed Cholesky factor Lᵀ [Size, Size], which is upper triangular.</summary>
    public double[] Upper()
    {
        var upper = new double[_both.Length];
        for (var row = 0; row < Size; row++)
            Upper(row).CopyTo(upper.AsSpan(row * Size + row));
        return upper;
    }

    /// <summary>Computes the inner products of rows with a tile of rows of Lᵀ, over the columns after the tile.</summary>
    /// <param name="sides">The rows [up to <see cref="Products.Together"/>, Size].</param>
    /// <param name="column">The first row of the tile in Lᵀ.</param>
    /// <param name="end">The row after the tile, at most <see cref="Products.Tile"/> rows later. It is also the first column that counts.</param>
    /// <param name="products">The results [rows, <see cref="Products.Tile"/>].</param>
    public void UpperDots(ReadOnlySpan<double> sides, int column, int end, Span<double> products) =>
        Products.Dots(sides[end..], Size, sides.Length / Size, _both.AsSpan(column * Size + end), Size, end - column, Size - end, products);

    /// <summary>Replaces each row r of <paramref name="sides"/> [any, Size] by the solution x of (A + damping · I) x = r.</summary>
    public void Solve(Memory<double> sides, CancellationToken cancellationToken)
    {
        var parts = (sides.Length / Size + Products.Together - 1) / Products.Together;
        Parallel.For(
            0,
            parts,
            Parallelism(parts, Size, cancellationToken),
            part =>
            {
                var first = part * Products.Together * Size;
                var some = sides.Span.Slice(first, Math.Min(Products.Together * Size, sides.Length - first));
                Forward(some, from: 0);
                Backward(some);
            }
        );
    }

    /// <summary>Returns the diagonal of (A + damping · I)⁻¹ = L⁻ᵀ L⁻¹: the squared lengths of the columns of L⁻¹.</summary>
    public double[] InverseDiagonal(CancellationToken cancellationToken)
    {
        var diagonal = new double[Size];
        var parts = (Size + Products.Together - 1) / Products.Together;
        Parallel.For(
            0,
            parts,
            Parallelism(parts, Size, cancellationToken),
            part =>
            {
                var first = part * Products.Together;
                var count = Math.Min(Products.Together, Size - first);
                var columns = new double[count * Size];
                for (var i = 0; i < count; i++)
                    columns[i * Size + first + i] = 1;
                Forward(columns, first);
                for (var i = 0; i < count; i++)
                    diagonal[first + i] = Products.Dot(columns.AsSpan(i * Size, Size), columns.AsSpan(i * Size, Size));
            }
        );
        return diagonal;
    }

    // Solves L x = r for each row r of the right-hand sides with the Cholesky factor L. All elements of r before the index 'from' are zero. The index is a
    // multiple of the tile size.
    private void Forward(Span<double> sides, int from)
    {
        var rows = sides.Length / Size;
        Span<double> products = stackalloc double[Products.Together * Products.Tile];
        for (var column = from; column < Size; column += Products.Tile)
        {
            var columns = Math.Min(Products.Tile, Size - column);
            Products.Dots(sides[from..], Size, rows, _both.AsSpan(column * Size + from), Size, columns, column - from, products);
            for (var row = 0; row < rows; row++)
            for (var c = 0; c < columns; c++)
            {
                var lower = _both.AsSpan((column + c) * Size + column, c + 1);
                var x = sides.Slice(row * Size + column, c + 1);
                x[c] = (x[c] - products[row * Products.Tile + c] - Products.Dot(lower[..c], x[..c])) / lower[c];
            }
        }
    }

    // Solves Lᵀ x = r for each row r of the right-hand sides with the Cholesky factor L.
    private void Backward(Span<double> sides)
    {
        var rows = sides.Length / Size;
        Span<double> products = stackalloc double[Products.Together * Products.Tile];
        for (var end = Size; end > 0; end -= Products.Tile)
        {
            var columns = Math.Min(Products.Tile, end);
            var column = end - columns;
            UpperDots(sides, column, end, products);
            for (var row = 0; row < rows; row++)
            for (var c = columns - 1; c >= 0; c--)
            {
                var upper = _both.AsSpan((column + c) * Size + column + c, columns - c);
                var x = sides.Slice(row * Size + column + c, columns - c);
                x[0] = (x[0] - products[row * Products.Tile + c] - Products.Dot(upper[1..], x[1..])) / upper[0];
            }
        }
    }

    // Copies the lower triangle of a square matrix to its upper triangle.
    private static void Mirror(double[] matrix, int size)
    {
        for (var row = 0; row < size; row++)
        for (var column = 0; column < row; column++)
            matrix[column * size + row] = matrix[row * size + column];
    }

    // Factorizes the matrix panel by panel, and returns false if it is not positive definite. The columns left of a panel are complete, and the rows below the
    // panel are independent.
    private static bool TryFactor(double[] matrix, double[] diagonal, int size, double damping, CancellationToken cancellationToken)
    {
        for (var first = 0; first < size; first += Panel)
        {
            var end = Math.Min(first + Panel, size);
            if (!TryFactor(matrix, diagonal, size, damping, first, end, first, end))
                return false;
            var below = (size - end + Products.Together - 1) / Products.Together;
            Parallel.For(
                0,
                below,
                Parallelism(below, size, cancellationToken),
                i => TryFactor(matrix, diagonal, size, damping, end + i * Products.Together, Math.Min(end + (i + 1) * Products.Together, size), first, end)
            );
        }

        return true;
    }

    // Computes the elements of the Cholesky factor in some rows and columns. Returns false if the matrix is not positive definite.
    private static bool TryFactor(double[] matrix, double[] diagonal, int size, double damping, int firstRow, int endRow, int firstColumn, int endColumn)
    {
        Span<double> products = stackalloc double[Products.Together * Products.Tile];
        for (var first = firstRow; first < endRow; first += Products.Together)
        {
            var end = Math.Min(first + Products.Together, endRow);
            for (var column = firstColumn; column < Math.Min(end, endColumn); column += Products.Tile)
            {
                var (top, columns) = (Math.Max(first, column), Math.Min(Products.Tile, Math.Min(end, endColumn) - column));
                Products.Dots(matrix.AsSpan(top * size), size, end - top, matrix.AsSpan(column * size), size, columns, column, products);
                for (var row = top; row < end; row++)
                    if (!TryFinish(matrix, diagonal, size, damping, row, column, products.Slice((row - top) * Products.Tile, columns)))
                        return false;
            }
        }

        return true;
    }

    // Returns how many threads compute the parts of a matrix. Small matrices are computed on one thread, because starting others would take longer than the
    // computation.
    private static ParallelOptions Parallelism(int parts, int size, CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = (long)parts * size * size < WorthThreads ? 1 : -1, CancellationToken = cancellationToken };

    // Completes the elements of the Cholesky factor in one row and the columns of a tile, given the products with the columns left of the tile.
    private static bool TryFinish(double[] matrix, double[] diagonal, int size, double damping, int row, int column, ReadOnlySpan<double> products)
    {
        var own = matrix.AsSpan(row * size + column, products.Length);
        for (var c = 0; c < products.Length && column + c <= row; c++)
        {
            var above = matrix.AsSpan((column + c) * size + column, c + 1);
            var known = products[c] + Products.Dot(own[..c], above[..c]);
            if (column + c < row)
            {
                own[c] = (own[c] - known) / above[c];
                continue;
            }

            var rest = diagonal[row] - known + damping;
            if (!(rest > Noise * (diagonal[row] + damping)) || !double.IsFinite(rest))
                return false;
            own[c] = Math.Sqrt(rest);
        }

        return true;
    }
}
