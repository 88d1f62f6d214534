using ModelBuild.Runtime;
using SkiaSharp;

namespace ModelBuild.Imaging.Drawing;

/// <summary>Draws the masks of objects.</summary>
internal static class MaskPainter
{
    // The opacity of masks, 0 to 255. It is less than half, so that the object stays visible.
    private const byte Alpha = 110;

    /// <summary>Covers the pixels of a mask with a transparent color.</summary>
    /// <exception cref="ArgumentException">The mask is not an image in the format <see cref="PixelFormat.Gray"/>.</exception>
    public static void Draw(SKCanvas canvas, DetectionMask mask, SKColor color)
    {
        var pixels = mask.Pixels;
        if (pixels.Width == 0 || pixels.Format != PixelFormat.Gray)
            throw new ArgumentException($"A mask is an image in the format {PixelFormat.Gray}, not {pixels}.", nameof(mask));
        using var bitmap = new SKBitmap(new SKImageInfo(pixels.Width, pixels.Height, SKColorType.Alpha8, SKAlphaType.Premul));
        var target = bitmap.GetPixelSpan();
        for (var y = 0; y < pixels.Height; y++)
            pixels.Row(y).CopyTo(target[(y * bitmap.RowBytes)..]);
        using var paint = new SKPaint { Color = color.WithAlpha(Alpha) };
        canvas.DrawBitmap(bitmap, mask.X, mask.Y, SKSamplingOptions.Default, paint);
    }
}
