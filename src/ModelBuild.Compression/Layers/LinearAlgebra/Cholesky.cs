namespace ModelBuild.Compression.Layers.LinearAlgebra;

/// <summary>
/// The lower triangular L with L Lᵀ = A + damping · I, of a symmetric matrix A that is positive semidefinite up to rounding. In float64; every inner product
/// runs along rows, a few rows at a time, so that what is multiplied stays in the processor's cache. On several threads, which change nothing in the numbers.
/// </summary>
internal sealed class Cholesky
{
    // Columns worked on before rows below them are.
    private const int Panel = 64;
    private const long WorthThreads = 1 << 20;

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
    public static Cholesky Factor(ReadOnlySpan<double> matrix, int size, double damping, CancellationToken cancellationToken) =>
        FactorOver(matrix.ToArray(), size, damping, cancellationToken);

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

    /// <summary>The inner products of rows with those of Lᵀ, over the columns behind a tile of them.</summary>
    /// <param name="sides">The rows [up to <see cref="Products.Together"/>, Size].</param>
    /// <param name="column">The first row of Lᵀ.</param>
    /// <param name="end">The row after the last one, at most <see cref="Products.Tile"/> on; the first column that counts.</param>
    /// <param name="products">[rows, <see cref="Products.Tile"/>].</param>
    public void UpperDots(ReadOnlySpan<double> sides, int column, int end, Span<double> products) =>
        Products.Dots(sides[end..], Size, sides.Length / Size, _both.AsSpan(column * Size + end), Size, end - column, Size - end, products);

    /// <summary>Replaces each row r of <paramref name="sides"/> [any, Size] by the x that solves (A + damping · I) x = r.</summary>
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

    /// <summary>The diagonal of (A + damping · I)⁻¹ = L⁻ᵀ L⁻¹: the squared lengths of the columns of L⁻¹.</summary>
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

    // L x = r, where all numbers of r before a multiple of the tile's size are zero.
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

    // Lᵀ x = r.
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

    // The lower triangle onto the upper one.
    private static void Mirror(double[] matrix, int size)
    {
        for (var row = 0; row < size; row++)
        for (var column = 0; column < row; column++)
            matrix[column * size + row] = matrix[row * size + column];
    }

    // Some columns after others: what lies left of them is known, and each row is worked out for itself.
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

    // The elements of some rows in some columns, all of these above or beside the rows.
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

    // Small ones are done before threads would begin.
    private static ParallelOptions Parallelism(int parts, int size, CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = (long)parts * size * size < WorthThreads ? 1 : -1, CancellationToken = cancellationToken };

    // The elements of one row in the columns of a tile, of which the products with what lies left of the tile are known.
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
