using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Runtime.Pictures;

/// <summary>
/// Converts two rows of pixels to floats of 0…255 in the order of a model's channels. The pixels of the rows alternate: four values of the upper row, of which
/// the last has no meaning, and four of the lower row. A vector of eight floats is then one column of two rows, whatever the format of the image is.
/// </summary>
internal static class PixelPairs
{
    /// <summary>The number of floats for one column of two rows.</summary>
    public const int Length = 8;

    // The weights of red, green and blue in the brightness (ITU-R BT.601), in 1/65536.
    private const int Red = 19_595;
    private const int Green = 38_470;
    private const int Blue = 7_471;

    /// <summary>Converts pixels of two rows.</summary>
    /// <param name="upper">The pixels of the upper row.</param>
    /// <param name="lower">The pixels of the lower row, as many as those of the upper row.</param>
    /// <param name="format">How the pixels are stored.</param>
    /// <param name="order">The channels of the model's input.</param>
    /// <param name="pairs">Where the floats are written, eight for each pixel of a row.</param>
    public static void Load(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, PixelFormat format, ChannelOrder order, Span<float> pairs)
    {
        var channels = ChannelOffsets.Of(format, order);
        var isGray = order == ChannelOrder.Gray && format is not (PixelFormat.Gray or PixelFormat.GrayFloat);
        if (format is PixelFormat.RgbFloat or PixelFormat.GrayFloat)
        {
            var size = format == PixelFormat.RgbFloat ? 3 : 1;
            LoadFloats(MemoryMarshal.Cast<byte, float>(upper), size, channels, isGray, pairs);
            LoadFloats(MemoryMarshal.Cast<byte, float>(lower), size, channels, isGray, pairs[(Length / 2)..]);
            return;
        }

        var bytes = ImageView.BytesPerPixel(format);
        var done = isGray ? 0 : LoadVectors(upper, lower, bytes, channels, pairs);
        LoadBytes(upper, done, bytes, channels, isGray, pairs);
        LoadBytes(lower, done, bytes, channels, isGray, pairs[(Length / 2)..]);
    }

    // Four pixels of each row at a time. Returns the number of converted pixels.
    private static int LoadVectors(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int bytes, ChannelOffsets channels, Span<float> pairs)
    {
        // The first and the second pixel go to the bytes 0…3 and 8…11; the lower row goes to the gaps between them.
        var upperFirst = Vector128.Create(Pixel(0), None, Pixel(1), None).AsByte();
        var lowerFirst = Vector128.Create(None, Pixel(0), None, Pixel(1)).AsByte();
        var upperSecond = Vector128.Create(Pixel(2), None, Pixel(3), None).AsByte();
        var lowerSecond = Vector128.Create(None, Pixel(2), None, Pixel(3)).AsByte();

        // The last vector of a row ends with the row.
        var steps = upper.Length < Vector128<byte>.Count ? 0 : ((upper.Length - Vector128<byte>.Count) / (4 * bytes)) + 1;
        ref var up = ref MemoryMarshal.GetReference(upper);
        ref var low = ref MemoryMarshal.GetReference(lower[..upper.Length]);
        ref var target = ref MemoryMarshal.GetReference(pairs[..(steps * 4 * Length)]);
        for (var step = 0; step < steps; step++)
        {
            var above = Vector128.LoadUnsafe(ref up, (nuint)(step * 4 * bytes));
            var below = Vector128.LoadUnsafe(ref low, (nuint)(step * 4 * bytes));
            var first = ByteVectors.Select(above, upperFirst) | ByteVectors.Select(below, lowerFirst);
            var second = ByteVectors.Select(above, upperSecond) | ByteVectors.Select(below, lowerSecond);
            ref var place = ref Unsafe.Add(ref target, step * 4 * Length);
            ByteVectors.LowerToSingle(first).StoreUnsafe(ref place);
            ByteVectors.LowerToSingle(ByteVectors.UpperToLower(first)).StoreUnsafe(ref place, Length);
            ByteVectors.LowerToSingle(second).StoreUnsafe(ref place, 2 * Length);
            ByteVectors.LowerToSingle(ByteVectors.UpperToLower(second)).StoreUnsafe(ref place, 3 * Length);
        }

        return steps * 4;

        // The indices of the bytes of a pixel in the order of the channels. The fourth byte is 0.
        uint Pixel(int index) =>
            (uint)((index * bytes) + channels.First)
            | ((uint)((index * bytes) + channels.Second) << 8)
            | ((uint)((index * bytes) + channels.Third) << 16)
            | 0xFF00_0000;
    }

    private const uint None = 0xFFFF_FFFF;

    private static void LoadBytes(ReadOnlySpan<byte> row, int first, int bytes, ChannelOffsets channels, bool isGray, Span<float> pairs)
    {
        for (var x = first; x * bytes < row.Length; x++)
        {
            var pixel = row.Slice(x * bytes, bytes);
            var (r, g, b) = (pixel[channels.First], pixel[channels.Second], pixel[channels.Third]);
            if (isGray)
                r = g = b = (byte)(((r * Red) + (g * Green) + (b * Blue) + 0x8000) >> 16);
            Store(pairs.Slice(x * Length), r, g, b);
        }
    }

    private static void LoadFloats(ReadOnlySpan<float> row, int size, ChannelOffsets channels, bool isGray, Span<float> pairs)
    {
        for (var x = 0; x * size < row.Length; x++)
        {
            var pixel = row.Slice(x * size, size);
            var (r, g, b) = (pixel[channels.First] * 255, pixel[channels.Second] * 255, pixel[channels.Third] * 255);
            if (isGray)
                r = g = b = ((r * Red) + (g * Green) + (b * Blue)) / 65_536;
            Store(pairs.Slice(x * Length), r, g, b);
        }
    }

    private static void Store(Span<float> place, float first, float second, float third)
    {
        place[3] = 0;
        place[2] = third;
        place[1] = second;
        place[0] = first;
    }
}
