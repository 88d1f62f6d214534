using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Compression.Layers.LinearAlgebra;

/// <summary>
/// Multiplies float64 matrices in row-major order. All sums use four lanes in the same order, so that results are equal on all CPUs, independent of the
/// vector length.
/// </summary>
internal static class Products
{
    /// <summary>The number of rows that share one pass over the other matrix: 16 rows of 4608 numbers are 576 kB, which fit into the CPU cache.</summary>
    public const int Together = 16;

    /// <summary>The number of rows of B whose products with two rows of A stay in registers.</summary>
    public const int Tile = 4;

    // The number of columns of a matrix that are multiplied before the next rows. The rows of a tile have 16 kB in these columns, which fit into the L1 cache.
    private const int Chunk = 512;

    /// <summary>Returns A Bᵀ [m, n] for A [m, <paramref name="inner"/>] and B [n, <paramref name="inner"/>].</summary>
    public static double[] Transposed(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int inner)
    {
        var result = new double[a.Length / inner * (b.Length / inner)];
        Transposed(a, b, inner, result);
        return result;
    }

    /// <summary>Writes the product A Bᵀ to <paramref name="result"/> [m, n], for A [m, <paramref name="inner"/>] and B [n, <paramref name="inner"/>].</summary>
    public static void Transposed(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int inner, Span<double> result)
    {
        var (m, n) = (a.Length / inner, b.Length / inner);
        Span<double> tile = stackalloc double[Together * Tile];
        for (var first = 0; first < m; first += Together)
        {
            var rows = Math.Min(Together, m - first);
            for (var column = 0; column < n; column += Tile)
            {
                var columns = Math.Min(Tile, n - column);
                Dots(a[(first * inner)..], inner, rows, b[(column * inner)..], inner, columns, inner, tile);
                for (var row = 0; row < rows; row++)
                    tile.Slice(row * Tile, columns).CopyTo(result[((first + row) * n + column)..]);
            }
        }
    }

    /// <summary>Computes the inner products of some rows of A with up to <see cref="Tile"/> rows of B.</summary>
    /// <param name="a">The rows of A.</param>
    /// <param name="aStride">The distance between the starts of consecutive rows of A.</param>
    /// <param name="rows">The number of rows of A.</param>
    /// <param name="b">The rows of B.</param>
    /// <param name="bStride">The distance between the starts of consecutive rows of B.</param>
    /// <param name="columns">The number of rows of B.</param>
    /// <param name="inner">The length of the rows.</param>
    /// <param name="results">The products [rows, <see cref="Tile"/>]. Elements after the columns are not set.</param>
    public static void Dots(ReadOnlySpan<double> a, int aStride, int rows, ReadOnlySpan<double> b, int bStride, int columns, int inner, Span<double> results)
    {
        results[..(rows * Tile)].Clear();
        if (inner == 0)
            return;
        if (columns < Tile)
        {
            for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                results[row * Tile + column] = Dot(a.Slice(row * aStride, inner), b.Slice(column * bStride, inner));
            return;
        }

        for (var from = 0; from < inner; from += Chunk)
        {
            var length = Math.Min(Chunk, inner - from);
            var right = b[from..];
            for (var row = 0; row < rows; row += 2)
                TwoByFour(
                    a.Slice(row * aStride + from, length),
                    a.Slice(Math.Min(row + 1, rows - 1) * aStride + from, length),
                    right[..length],
                    right.Slice(bStride, length),
                    right.Slice(2 * bStride, length),
                    right.Slice(3 * bStride, length),
                    results.Slice(row * Tile, Math.Min(2, rows - row) * Tile)
                );
        }
    }

    /// <summary>Returns A B [m, n] for A [m, <paramref name="inner"/>] and B [<paramref name="inner"/>, n].</summary>
    public static double[] Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int inner) => Transposed(a, Matrix.Transpose(b, b.Length / inner), inner);

    /// <summary>Returns the inner product of two rows of the same length.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var left = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var right = MemoryMarshal.Cast<double, Vector256<double>>(b)[..left.Length];
        var sum = Vector256<double>.Zero;
        for (var i = 0; i < left.Length; i++)
            sum = Vector256.FusedMultiplyAdd(left[i], right[i], sum);
        var total = Sum(sum);
        for (var i = left.Length * Vector256<double>.Count; i < a.Length; i++)
            total = Math.FusedMultiplyAdd(a[i], b[i], total);
        return total;
    }

    /// <summary>Adds <paramref name="factor"/> · x to y, for vectors x and y of the same length.</summary>
    public static void AddScaled(double factor, ReadOnlySpan<double> x, Span<double> y) => TensorPrimitives.FusedMultiplyAdd(x, factor, y, y);

    // Adds the inner products of one or two rows of A with four rows of B to the results. The second row of A counts only if the results have room for it.
    private static void TwoByFour(
        ReadOnlySpan<double> a0,
        ReadOnlySpan<double> a1,
        ReadOnlySpan<double> b0,
        ReadOnlySpan<double> b1,
        ReadOnlySpan<double> b2,
        ReadOnlySpan<double> b3,
        Span<double> results
    )
    {
        ref var p0 = ref MemoryMarshal.GetReference(a0);
        ref var p1 = ref MemoryMarshal.GetReference(a1);
        ref var q0 = ref MemoryMarshal.GetReference(b0);
        ref var q1 = ref MemoryMarshal.GetReference(b1);
        ref var q2 = ref MemoryMarshal.GetReference(b2);
        ref var q3 = ref MemoryMarshal.GetReference(b3);
        var (s00, s01, s02, s03) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var (s10, s11, s12, s13) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var vectors = a0.Length & -Vector256<double>.Count;
        for (nuint i = 0; i < (nuint)vectors; i += (nuint)Vector256<double>.Count)
        {
            var (left0, left1) = (Vector256.LoadUnsafe(ref p0, i), Vector256.LoadUnsafe(ref p1, i));
            var right = Vector256.LoadUnsafe(ref q0, i);
            s00 = Vector256.FusedMultiplyAdd(left0, right, s00);
            s10 = Vector256.FusedMultiplyAdd(left1, right, s10);
            right = Vector256.LoadUnsafe(ref q1, i);
            s01 = Vector256.FusedMultiplyAdd(left0, right, s01);
            s11 = Vector256.FusedMultiplyAdd(left1, right, s11);
            right = Vector256.LoadUnsafe(ref q2, i);
            s02 = Vector256.FusedMultiplyAdd(left0, right, s02);
            s12 = Vector256.FusedMultiplyAdd(left1, right, s12);
            right = Vector256.LoadUnsafe(ref q3, i);
            s03 = Vector256.FusedMultiplyAdd(left0, right, s03);
            s13 = Vector256.FusedMultiplyAdd(left1, right, s13);
        }

        Add(results[..Tile], Sum(s00), Sum(s01), Sum(s02), Sum(s03), a0, b0, b1, b2, b3, vectors);
        if (results.Length > Tile)
            Add(results[Tile..], Sum(s10), Sum(s11), Sum(s12), Sum(s13), a1, b0, b1, b2, b3, vectors);
    }

    // Adds four inner products to the results. The vectorized loop has summed the complete vectors, and the elements after the last complete vector are added
    // here.
    private static void Add(
        Span<double> results,
        double r0,
        double r1,
        double r2,
        double r3,
        ReadOnlySpan<double> a,
        ReadOnlySpan<double> b0,
        ReadOnlySpan<double> b1,
        ReadOnlySpan<double> b2,
        ReadOnlySpan<double> b3,
        int from
    )
    {
        for (var i = from; i < a.Length; i++)
        {
            r0 = Math.FusedMultiplyAdd(a[i], b0[i], r0);
            r1 = Math.FusedMultiplyAdd(a[i], b1[i], r1);
            r2 = Math.FusedMultiplyAdd(a[i], b2[i], r2);
            r3 = Math.FusedMultiplyAdd(a[i], b3[i], r3);
        }

        results[0] += r0;
        results[1] += r1;
        results[2] += r2;
        results[3] += r3;
    }

    private static double Sum(Vector256<double> lanes) => (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}
