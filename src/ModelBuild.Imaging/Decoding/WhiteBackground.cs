using ModelBuild.Imaging.Pixels;

namespace ModelBuild.Imaging.Decoding;

/// <summary>Draws pixels with alpha on a white background.</summary>
internal static class WhiteBackground
{
    /// <summary>Replaces each RGBA pixel, whose color is not multiplied by its alpha, by the opaque pixel that results on a white background.</summary>
    public static void Apply(Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i += PixelBuffer.BytesPerPixel)
        {
            int alpha = pixels[i + 3];
            if (alpha == byte.MaxValue)
                continue;
            for (var channel = i; channel < i + 3; channel++)
                pixels[channel] = (byte)(byte.MaxValue - DivideBy255((byte.MaxValue - pixels[channel]) * alpha));
            pixels[i + 3] = byte.MaxValue;
        }
    }

    // Returns the product of two bytes divided by 255, rounded to the nearest integer. The result is exact.
    private static int DivideBy255(int product)
    {
        product += 128;
        return (product + (product >> 8)) >> 8;
    }
}
