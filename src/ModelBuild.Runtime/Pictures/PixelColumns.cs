using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Runtime.Pictures;

/// <summary>
/// Resizes two rows of pixels of bytes. A vector has the channels of one column of the upper row and of the lower row. Products are added in the order of the
/// windows and without fused operations, so that every processor computes the same values.
/// </summary>
internal static class PixelColumns
{
    /// <summary>The number of bytes after the needed pixels that may be read. The values of these bytes have no effect.</summary>
    public const int Slack = 16;

    private const uint None = 0xFFFF_FFFF;

    /// <summary>Resizes two rows of pixels of bytes to the width of the result.</summary>
    /// <param name="upper">The pixels of the upper row from <see cref="ResampleTable.First"/> to <see cref="ResampleTable.End"/>, and the slack.</param>
    /// <param name="lower">The pixels of the lower row, as many as those of the upper row.</param>
    /// <param name="format">The format of the pixels, which are bytes.</param>
    /// <param name="order">The channels of the model's input. A gray input has gray pixels.</param>
    /// <param name="table">The windows of the columns.</param>
    /// <param name="resizedUpper">The resized upper row, four values for each pixel.</param>
    /// <param name="resizedLower">The resized lower row, four values for each pixel.</param>
    /// <param name="isRounded">Whether the values are rounded to those of 8-bit pixels.</param>
    public static void Resize(
        ReadOnlySpan<byte> upper,
        ReadOnlySpan<byte> lower,
        PixelFormat format,
        ChannelOrder order,
        ResampleTable table,
        Span<float> resizedUpper,
        Span<float> resizedLower,
        bool isRounded
    )
    {
        nint bytes = ImageView.BytesPerPixel(format);
        var (starts, first) = (table.Starts, table.First);
        nint step = table.WeightStep;
        var (upperIndices, lowerIndices) = Indices(ChannelOffsets.Of(format, order), (int)bytes);
        var length = ((table.End - first) * (int)bytes) + Slack;
        ref var above = ref MemoryMarshal.GetReference(upper[..length]);
        ref var below = ref MemoryMarshal.GetReference(lower[..length]);
        ref var up = ref MemoryMarshal.GetReference(resizedUpper[..(starts.Length * 4)]);
        ref var low = ref MemoryMarshal.GetReference(resizedLower[..(starts.Length * 4)]);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(table.Weights);
        for (var x = 0; x < starts.Length; x++)
        {
            var place = (starts[x] - first) * bytes;
            var sum = Vector256<float>.Zero;
            for (nint tap = 0; tap < step; tap += 2, place += 2 * bytes)
            {
                var pixels =
                    ByteVectors.Select(Vector128.LoadUnsafe(ref above, (nuint)place), upperIndices)
                    | ByteVectors.Select(Vector128.LoadUnsafe(ref below, (nuint)place), lowerIndices);
                sum += ByteVectors.LowerToSingle(pixels) * Vector256.Create(Unsafe.Add(ref weight, tap));
                sum += ByteVectors.LowerToSingle(ByteVectors.UpperToLower(pixels)) * Vector256.Create(Unsafe.Add(ref weight, tap + 1));
            }

            if (isRounded)
                sum = ByteVectors.RoundToPixel(sum);
            sum.GetLower().StoreUnsafe(ref up);
            sum.GetUpper().StoreUnsafe(ref low);
            up = ref Unsafe.Add(ref up, 4);
            low = ref Unsafe.Add(ref low, 4);
            weight = ref Unsafe.Add(ref weight, step);
        }
    }

    // Returns the indices that arrange pixels in a vector. Two pixels of the upper row go to the bytes 0…3 and 8…11, and two of the lower row to the bytes
    // between them. The fourth byte of a pixel is 0.
    private static (Vector128<byte> Upper, Vector128<byte> Lower) Indices(ChannelOffsets channels, int bytes)
    {
        var first = (uint)channels.First | ((uint)channels.Second << 8) | ((uint)channels.Third << 16) | 0xFF00_0000;
        var second = first + ((uint)bytes * 0x0001_0101);
        return (Vector128.Create(first, None, second, None).AsByte(), Vector128.Create(None, first, None, second).AsByte());
    }
}
