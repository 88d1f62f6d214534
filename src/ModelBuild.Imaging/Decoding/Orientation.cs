using ModelBuild.Imaging.Pixels;
using SkiaSharp;

namespace ModelBuild.Imaging.Decoding;

/// <summary>Rotates and mirrors pixels as the Exif tag Orientation of a file specifies (0x0112, CIPA DC-008).</summary>
internal static class Orientation
{
    // The number of rows and columns of one block. Blocks of this size stay in the cache of a CPU while rows become columns.
    private const int Block = 32;

    /// <summary>Returns the pixels of the upright picture. The result may be <paramref name="pixels"/> itself, changed in place.</summary>
    public static PixelBuffer Apply(PixelBuffer pixels, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom)
            pixels = Transpose(pixels);
        switch (origin)
        {
            case SKEncodedOrigin.TopRight or SKEncodedOrigin.RightTop:
                MirrorColumns(pixels);
                break;
            case SKEncodedOrigin.BottomLeft or SKEncodedOrigin.LeftBottom:
                MirrorRows(pixels);
                break;
            case SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom:
                pixels.Pixels.Reverse();
                break;
        }

        return pixels;
    }

    private static PixelBuffer Transpose(PixelBuffer source)
    {
        var target = new PixelBuffer(source.Height, source.Width);
        var from = source.Pixels;
        var to = target.Pixels;
        for (var top = 0; top < source.Height; top += Block)
        for (var left = 0; left < source.Width; left += Block)
        {
            var bottom = Math.Min(top + Block, source.Height);
            var right = Math.Min(left + Block, source.Width);
            for (var y = top; y < bottom; y++)
            for (var x = left; x < right; x++)
                to[(x * target.Width) + y] = from[(y * source.Width) + x];
        }

        return target;
    }

    private static void MirrorColumns(PixelBuffer pixels)
    {
        for (var y = 0; y < pixels.Height; y++)
            pixels.Pixels.Slice(y * pixels.Width, pixels.Width).Reverse();
    }

    private static void MirrorRows(PixelBuffer pixels)
    {
        // Reversing the order of all pixels mirrors both the rows and the columns. Mirroring the columns again restores their order, so that only the rows are
        // mirrored.
        pixels.Pixels.Reverse();
        MirrorColumns(pixels);
    }
}
