using System.Runtime.InteropServices;
using ModelBuild.Runtime;

namespace ModelBuild.Imaging.Pixels;

/// <summary>Copies an image in any pixel format to a buffer.</summary>
internal static class PixelCopy
{
    public static PixelBuffer Of(ImageView image)
    {
        if (image.Width == 0)
            throw new ArgumentException("The default value of ImageView is not an image.", nameof(image));
        if ((long)image.Width * image.Height * PixelBuffer.BytesPerPixel > Array.MaxLength)
            throw new ArgumentException($"An image of {image.Width}x{image.Height} pixels is too large for a picture.", nameof(image));
        var buffer = new PixelBuffer(image.Width, image.Height);
        for (var y = 0; y < image.Height; y++)
            CopyRow(image.Row(y), buffer.Row(y), image.Format);
        return buffer;
    }

    /// <summary>
    /// Copies a rectangle of <paramref name="width"/> times <paramref name="height"/> pixels whose first pixel is at the column <paramref name="left"/> and the
    /// row <paramref name="top"/>.
    /// </summary>
    public static PixelBuffer Part(PixelBuffer source, int left, int top, int width, int height)
    {
        var buffer = new PixelBuffer(width, height);
        for (var y = 0; y < height; y++)
            source.Row(top + y).Slice(left * PixelBuffer.BytesPerPixel, buffer.Stride).CopyTo(buffer.Row(y));
        return buffer;
    }

    private static void CopyRow(ReadOnlySpan<byte> source, Span<byte> target, PixelFormat format)
    {
        switch (format)
        {
            case PixelFormat.Rgb:
                Spread(source, target, step: 3, red: 0, green: 1, blue: 2);
                break;
            case PixelFormat.Bgr:
                Spread(source, target, step: 3, red: 2, green: 1, blue: 0);
                break;
            case PixelFormat.Rgba:
                Spread(source, target, step: 4, red: 0, green: 1, blue: 2);
                break;
            case PixelFormat.Bgra:
                Spread(source, target, step: 4, red: 2, green: 1, blue: 0);
                break;
            case PixelFormat.Gray:
                Spread(source, target, step: 1, red: 0, green: 0, blue: 0);
                break;
            case PixelFormat.RgbFloat:
                SpreadFloats(source, target, step: 3, green: 1, blue: 2);
                break;
            default:
                SpreadFloats(source, target, step: 1, green: 0, blue: 0);
                break;
        }
    }

    private static void Spread(ReadOnlySpan<byte> source, Span<byte> target, int step, int red, int green, int blue)
    {
        for (int from = 0, to = 0; to < target.Length; from += step, to += PixelBuffer.BytesPerPixel)
        {
            target[to] = source[from + red];
            target[to + 1] = source[from + green];
            target[to + 2] = source[from + blue];
            target[to + 3] = byte.MaxValue;
        }
    }

    private static void SpreadFloats(ReadOnlySpan<byte> bytes, Span<byte> target, int step, int green, int blue)
    {
        var source = MemoryMarshal.Cast<byte, float>(bytes);
        for (int from = 0, to = 0; to < target.Length; from += step, to += PixelBuffer.BytesPerPixel)
        {
            target[to] = ToByte(source[from]);
            target[to + 1] = ToByte(source[from + green]);
            target[to + 2] = ToByte(source[from + blue]);
            target[to + 3] = byte.MaxValue;
        }
    }

    // Converts a value of 0 to 1 to a byte. Values outside of this range are limited to it. NaN becomes 0, because every comparison with NaN is false.
    private static byte ToByte(float value) => value > 0 ? (byte)MathF.Min((value * byte.MaxValue) + 0.5f, byte.MaxValue) : (byte)0;
}
