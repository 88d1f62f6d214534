using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Runtime.Pictures;

/// <summary>
/// The two loops of a resize. Products are added in the order of the windows and without fused operations, so that every processor computes the same values.
/// </summary>
internal static class RowFilters
{
    /// <summary>Resizes two rows.</summary>
    /// <param name="pairs">The source pixels from <see cref="ResampleTable.First"/> on, as <see cref="PixelPairs"/> stores them.</param>
    /// <param name="table">The windows of the columns.</param>
    /// <param name="upper">The resized upper row, four values for each pixel.</param>
    /// <param name="lower">The resized lower row, four values for each pixel.</param>
    /// <param name="isRounded">Whether the values are rounded to those of 8-bit pixels.</param>
    public static void ResizeColumns(ReadOnlySpan<float> pairs, ResampleTable table, Span<float> upper, Span<float> lower, bool isRounded)
    {
        var (starts, taps, first) = (table.Starts, table.Taps, table.First);
        ref var source = ref MemoryMarshal.GetReference(pairs[..((table.End - first) * PixelPairs.Length)]);
        ref var up = ref MemoryMarshal.GetReference(upper[..(starts.Length * 4)]);
        ref var low = ref MemoryMarshal.GetReference(lower[..(starts.Length * 4)]);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(table.Weights);
        for (var x = 0; x < starts.Length; x++)
        {
            ref var pixel = ref Unsafe.Add(ref source, (starts[x] - first) * PixelPairs.Length);
            var sum = Vector256.LoadUnsafe(ref pixel) * Vector256.Create(weight);
            for (var tap = 1; tap < taps; tap++)
                sum += Vector256.LoadUnsafe(ref pixel, (nuint)(tap * PixelPairs.Length)) * Vector256.Create(Unsafe.Add(ref weight, tap));
            if (isRounded)
                sum = ByteVectors.RoundToPixel(sum);
            sum.GetLower().StoreUnsafe(ref up, (nuint)(x * 4));
            sum.GetUpper().StoreUnsafe(ref low, (nuint)(x * 4));
            weight = ref Unsafe.Add(ref weight, taps);
        }
    }

    /// <summary>Computes one row of the result from resized rows in a ring.</summary>
    /// <param name="ring">The rows, one after another. The row after the last one is the first.</param>
    /// <param name="rowLength">The number of values of a row, a multiple of 16.</param>
    /// <param name="first">The index of the first row of the window in the ring.</param>
    /// <param name="weights">The weights of the window.</param>
    /// <param name="isRounded">Whether the sums are rounded to the values of 8-bit pixels.</param>
    /// <param name="factors">The factors of the channels.</param>
    /// <param name="offsets">The summands of the channels.</param>
    /// <param name="row">The result, four values for each pixel.</param>
    public static void ResizeRows(
        ReadOnlySpan<float> ring,
        int rowLength,
        int first,
        ReadOnlySpan<float> weights,
        bool isRounded,
        Vector128<float> factors,
        Vector128<float> offsets,
        Span<float> row
    )
    {
        var (factor, offset) = (Vector256.Create(factors, factors), Vector256.Create(offsets, offsets));
        ref var source = ref MemoryMarshal.GetReference(ring);
        ref var target = ref MemoryMarshal.GetReference(row[..rowLength]);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        for (var i = 0; i < rowLength; i += 16)
        {
            var (left, right) = (Vector256<float>.Zero, Vector256<float>.Zero);
            var place = (first * rowLength) + i;
            for (var tap = 0; tap < weights.Length; tap++)
            {
                var factorOfRow = Vector256.Create(Unsafe.Add(ref weight, tap));
                left += Vector256.LoadUnsafe(ref source, (nuint)place) * factorOfRow;
                right += Vector256.LoadUnsafe(ref source, (nuint)(place + 8)) * factorOfRow;
                place += rowLength;
                if (place >= ring.Length)
                    place -= ring.Length;
            }

            if (isRounded)
                (left, right) = (ByteVectors.RoundToPixel(left), ByteVectors.RoundToPixel(right));
            ((left * factor) + offset).StoreUnsafe(ref target, (nuint)i);
            ((right * factor) + offset).StoreUnsafe(ref target, (nuint)(i + 8));
        }
    }
}
