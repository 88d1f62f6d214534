using System.Runtime.InteropServices;

namespace ModelBuild.Runtime.Pictures;

/// <summary>
/// Converts two rows of pixels to floats of 0…255 in the order of a model's channels. The pixels of the rows alternate: four values of the upper row, of which
/// the last has no meaning, and four of the lower row. A vector of eight floats is therefore one column of two rows. <see cref="PixelColumns"/> resizes the
/// usual formats without this conversion.
/// </summary>
internal static class PixelPairs
{
    /// <summary>The number of floats for one column of two rows.</summary>
    public const int Length = 8;

    // The weights of red, green and blue in the brightness (ITU-R BT.601), in 1/65536.
    private const int Red = 19_595;
    private const int Green = 38_470;
    private const int Blue = 7_471;

    /// <summary>Converts the pixels of two rows to floats.</summary>
    /// <param name="upper">The pixels of the upper row.</param>
    /// <param name="lower">The pixels of the lower row, as many as those of the upper row.</param>
    /// <param name="format">The format of the pixels.</param>
    /// <param name="order">The channels of the model's input.</param>
    /// <param name="pairs">The destination of the floats, eight for each pixel of a row.</param>
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
        LoadBytes(upper, bytes, channels, isGray, pairs);
        LoadBytes(lower, bytes, channels, isGray, pairs[(Length / 2)..]);
    }

    private static void LoadBytes(ReadOnlySpan<byte> row, int bytes, ChannelOffsets channels, bool isGray, Span<float> pairs)
    {
        for (var x = 0; x * bytes < row.Length; x++)
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
