using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Runtime.Pictures;

/// <summary>
/// Contains the loops of a resize over floats. Products are added in the order of the windows and without fused operations, so that every processor computes
/// the same values.
/// </summary>
internal static class RowFilters
{
    /// <summary>The number of values of a row that are computed at a time.</summary>
    public const int Step = 32;

    /// <summary>Resizes two rows to the width of the result.</summary>
    /// <param name="pairs">The source pixels from <see cref="ResampleTable.First"/> on, as <see cref="PixelPairs"/> stores them.</param>
    /// <param name="table">The windows of the columns.</param>
    /// <param name="upper">The resized upper row, four values for each pixel.</param>
    /// <param name="lower">The resized lower row, four values for each pixel.</param>
    /// <param name="isRounded">Whether the values are rounded to those of 8-bit pixels.</param>
    public static void ResizeColumns(ReadOnlySpan<float> pairs, ResampleTable table, Span<float> upper, Span<float> lower, bool isRounded)
    {
        var (starts, first) = (table.Starts, table.First);
        nint taps = table.Taps;
        ref var source = ref MemoryMarshal.GetReference(pairs[..((table.End - first) * PixelPairs.Length)]);
        ref var up = ref MemoryMarshal.GetReference(upper[..(starts.Length * 4)]);
        ref var low = ref MemoryMarshal.GetReference(lower[..(starts.Length * 4)]);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(table.Weights);
        for (var x = 0; x < starts.Length; x++)
        {
            ref var pixel = ref Unsafe.Add(ref source, (nint)(starts[x] - first) * PixelPairs.Length);
            var sum = Vector256<float>.Zero;
            for (nint tap = 0; tap < taps; tap++)
                sum += Vector256.LoadUnsafe(ref Unsafe.Add(ref pixel, tap * PixelPairs.Length)) * Vector256.Create(Unsafe.Add(ref weight, tap));
            if (isRounded)
                sum = ByteVectors.RoundToPixel(sum);
            sum.GetLower().StoreUnsafe(ref up);
            sum.GetUpper().StoreUnsafe(ref low);
            up = ref Unsafe.Add(ref up, 4);
            low = ref Unsafe.Add(ref low, 4);
            weight = ref Unsafe.Add(ref weight, table.WeightStep);
        }
    }

    /// <summary>Computes one row of the result from resized rows in a ring.</summary>
    /// <param name="ring">The rows, one after another. The row after the last one is the first.</param>
    /// <param name="rowLength">The number of values of a row, a multiple of <see cref="Step"/>.</param>
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
        // The rows of a window are in at most two parts of the ring: the rows up to the end of the ring, and the rows from its start.
        var rowsToEnd = Math.Min(weights.Length, (ring.Length / rowLength) - first);
        for (nint i = 0; i < rowLength; i += Step)
        {
            Vector256<float> a = default,
                b = default,
                c = default,
                d = default;
            ref var place = ref Unsafe.Add(ref source, ((nint)first * rowLength) + i);
            for (nint tap = 0; tap < weights.Length; tap++)
            {
                if (tap == rowsToEnd)
                    place = ref Unsafe.Add(ref source, i);
                var factorOfRow = Vector256.Create(Unsafe.Add(ref weight, tap));
                a += Vector256.LoadUnsafe(ref place) * factorOfRow;
                b += Vector256.LoadUnsafe(ref place, 8) * factorOfRow;
                c += Vector256.LoadUnsafe(ref place, 16) * factorOfRow;
                d += Vector256.LoadUnsafe(ref place, 24) * factorOfRow;
                place = ref Unsafe.Add(ref place, rowLength);
            }

            if (isRounded)
            {
                (a, b) = (ByteVectors.RoundToPixel(a), ByteVectors.RoundToPixel(b));
                (c, d) = (ByteVectors.RoundToPixel(c), ByteVectors.RoundToPixel(d));
            }

            ref var result = ref Unsafe.Add(ref target, i);
            ((a * factor) + offset).StoreUnsafe(ref result);
            ((b * factor) + offset).StoreUnsafe(ref result, 8);
            ((c * factor) + offset).StoreUnsafe(ref result, 16);
            ((d * factor) + offset).StoreUnsafe(ref result, 24);
        }
    }
}
