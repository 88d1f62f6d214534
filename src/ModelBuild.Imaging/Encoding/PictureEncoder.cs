using ModelBuild.Imaging.Pixels;
using SkiaSharp;

namespace ModelBuild.Imaging.Encoding;

/// <summary>Encodes pixels in the format of a picture file.</summary>
internal static class PictureEncoder
{
    // The largest sides of pictures in pixels. The value for JPEG is the limit of the library libjpeg, which is slightly below that of the format.
    private const int MaxJpegSide = 65_500;
    private const int MaxWebpSide = 16_383;

    /// <summary>Returns the format that the extension of a path names.</summary>
    /// <exception cref="ArgumentException">The extension names no format.</exception>
    public static PictureFormat FormatOf(string path) =>
        Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => PictureFormat.Png,
            ".JPG" or ".JPEG" => PictureFormat.Jpeg,
            ".WEBP" => PictureFormat.Webp,
            _ => throw new ArgumentException($"'{path}' does not end with .png, .jpg, .jpeg or .webp, the formats in which a picture is saved.", nameof(path)),
        };

    /// <summary>Returns the bytes of a picture file with the pixels.</summary>
    /// <exception cref="PictureException">The picture is too large for the format.</exception>
    public static SKData Encode(PixelBuffer pixels, PictureFormat format, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        using var pixmap = new SKPixmap(pixels.Info, pixels.Address, pixels.Stride);
        var data = format switch
        {
            PictureFormat.Png => pixmap.Encode(SKPngEncoderOptions.Default),
            PictureFormat.Jpeg => Within(MaxJpegSide) ? pixmap.Encode(new SKJpegEncoderOptions(quality)) : null,
            PictureFormat.Webp => Within(MaxWebpSide) ? pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, quality)) : null,
            _ => throw new ArgumentException($"The format {(int)format} is unknown.", nameof(format)),
        };
        GC.KeepAlive(pixels);
        return data ?? throw new PictureException($"A picture of {pixels.Width}x{pixels.Height} pixels is too large for the format {format}.");

        bool Within(int maxSide) => Math.Max(pixels.Width, pixels.Height) <= maxSide;
    }
}
