using SkiaSharp;

namespace ModelBuild.RealData.Pictures;

/// <summary>A decoded picture file of which parts are cut.</summary>
public sealed class PictureFile : IDisposable
{
    private static readonly SKSamplingOptions Sampling = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    private readonly SKBitmap _bitmap;

    /// <param name="path">A JPEG or PNG file.</param>
    /// <exception cref="InvalidDataException">It is no picture.</exception>
    public PictureFile(string path)
    {
        using var data = SKData.Create(path);
        using var codec = SKCodec.Create(data) ?? throw new InvalidDataException($"'{path}' is not a picture that can be decoded.");
        _bitmap = SKBitmap.Decode(codec, new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
    }

    /// <summary>Crops the image and resizes the result.</summary>
    /// <param name="crop">Which part.</param>
    /// <param name="width">The result's width.</param>
    /// <param name="height">The result's height.</param>
    public Picture Cut(Crop crop, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(crop);
        var aspect = (double)width / height;
        var cutHeight = Math.Min(_bitmap.Height, _bitmap.Width / aspect) * crop.Scale;
        var cutWidth = cutHeight * aspect;
        return Draw(
            width,
            height,
            crop.IsMirrored,
            SKRect.Create((float)((_bitmap.Width - cutWidth) * crop.X), (float)((_bitmap.Height - cutHeight) * crop.Y), (float)cutWidth, (float)cutHeight),
            SKRect.Create(width, height)
        );
    }

    /// <summary>Brings the whole picture to a height; what is wider is narrowed to the width, and what is narrower is followed by
    /// <paramref name="padding"/>.</summary>
    /// <param name="width">The result's width.</param>
    /// <param name="height">The result's height.</param>
    /// <param name="padding">The grey of what the picture does not fill.</param>
    public Picture Fit(int width, int height, byte padding) =>
        Draw(
            width,
            height,
            isMirrored: false,
            SKRect.Create(_bitmap.Width, _bitmap.Height),
            SKRect.Create(Math.Min(width, (float)_bitmap.Width * height / _bitmap.Height), height),
            padding
        );

    public void Dispose() => _bitmap.Dispose();

    private Picture Draw(int width, int height, bool isMirrored, SKRect source, SKRect target, byte padding = 0)
    {
        using var result = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(result))
        {
            canvas.Clear(new SKColor(padding, padding, padding));
            if (isMirrored)
                canvas.Scale(-1, 1, width / 2f, 0);
            using var image = SKImage.FromBitmap(_bitmap);
            canvas.DrawImage(image, source, target, Sampling);
        }

        var pixels = result.GetPixelSpan();
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
            pixels.Slice(4 * i, 3).CopyTo(rgb.AsSpan(3 * i));
        return new Picture(width, height, rgb);
    }
}
