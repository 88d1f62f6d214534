using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Compression.Layers.LinearAlgebra;

/// <summary>
/// Products of matrices in float64, stored row by row. Sums always run over four lanes in the same order, so they are the same on every processor, whatever the length of its vectors.
/// </summary>
internal static class Products
{
    // Rows of both sides whose products are kept in registers.
    private const int Block = 4;

    /// <summary>A Bᵀ [m, n] of A [m, <paramref name="inner"/>] and B [n, <paramref name="inner"/>].</summary>
    public static double[] Transposed(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int inner)
    {
        var (m, n) = (a.Length / inner, b.Length / inner);
        var result = new double[m * n];
        Span<double> sums = stackalloc double[Block];
        for (var row = 0; row < m; row++)
        {
            var left = a.Slice(row * inner, inner);
            var column = 0;
            for (; column <= n - Block; column += Block)
                FourDots(left, b.Slice(column * inner, Block * inner), result.AsSpan(row * n + column, Block));
            for (; column < n; column++)
                result[row * n + column] = Dot(left, b.Slice(column * inner, inner));
        }

        return result;
    }

    /// <summary>A B [m, n] of A [m, <paramref name="inner"/>] and B [<paramref name="inner"/>, n].</summary>
    public static double[] Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int inner) => Transposed(a, Matrix.Transpose(b, b.Length / inner), inner);

    /// <summary>The inner product of two rows.</summary>
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

    /// <summary>Adds <paramref name="factor"/> · x to y.</summary>
    public static void AddScaled(double factor, ReadOnlySpan<double> x, Span<double> y) => TensorPrimitives.FusedMultiplyAdd(x, factor, y, y);

    private static void FourDots(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> results)
    {
        var inner = a.Length;
        var left = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var b0 = MemoryMarshal.Cast<double, Vector256<double>>(b[..inner])[..left.Length];
        var b1 = MemoryMarshal.Cast<double, Vector256<double>>(b.Slice(inner, inner))[..left.Length];
        var b2 = MemoryMarshal.Cast<double, Vector256<double>>(b.Slice(2 * inner, inner))[..left.Length];
        var b3 = MemoryMarshal.Cast<double, Vector256<double>>(b.Slice(3 * inner, inner))[..left.Length];
        var (s0, s1, s2, s3) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        for (var i = 0; i < left.Length; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(left[i], b0[i], s0);
            s1 = Vector256.FusedMultiplyAdd(left[i], b1[i], s1);
            s2 = Vector256.FusedMultiplyAdd(left[i], b2[i], s2);
            s3 = Vector256.FusedMultiplyAdd(left[i], b3[i], s3);
        }

        (results[0], results[1], results[2], results[3]) = (Sum(s0), Sum(s1), Sum(s2), Sum(s3));
        for (var i = left.Length * Vector256<double>.Count; i < inner; i++)
            for (var column = 0; column < Block; column++)
                results[column] = Math.FusedMultiplyAdd(a[i], b[column * inner + i], results[column]);
    }

    private static double Sum(Vector256<double> lanes) => (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}
