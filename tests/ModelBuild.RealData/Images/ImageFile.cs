using SkiaSharp;

namespace ModelBuild.RealData.Images;

/// <summary>A decoded image file, from which crops are made.</summary>
public sealed class ImageFile : IDisposable
{
    private static readonly SKSamplingOptions Sampling = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    private readonly SKBitmap _bitmap;

    /// <param name="path">A JPEG or PNG file.</param>
    /// <exception cref="InvalidDataException">The file is not an image that can be decoded.</exception>
    public ImageFile(string path)
    {
        using var data = SKData.Create(path);
        using var codec = SKCodec.Create(data) ?? throw new InvalidDataException($"'{path}' is not a image that can be decoded.");
        _bitmap = SKBitmap.Decode(codec, new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
    }

    /// <summary>Crops the image and resizes the result.</summary>
    /// <param name="crop">The part of the image.</param>
    /// <param name="width">The result's width.</param>
    /// <param name="height">The result's height.</param>
    public Image Cut(Crop crop, int width, int height)
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

    /// <summary>Resizes the whole image to a height. A wider image is also compressed to the width, and a narrower one is padded on its right.</summary>
    /// <param name="width">The result's width.</param>
    /// <param name="height">The result's height.</param>
    /// <param name="padding">The grey value of the area beside the image.</param>
    public Image Fit(int width, int height, byte padding) =>
        Draw(
            width,
            height,
            isMirrored: false,
            SKRect.Create(_bitmap.Width, _bitmap.Height),
            SKRect.Create(Math.Min(width, (float)_bitmap.Width * height / _bitmap.Height), height),
            padding
        );

    public void Dispose() => _bitmap.Dispose();

    private Image Draw(int width, int height, bool isMirrored, SKRect source, SKRect target, byte padding = 0)
    {
        using var result = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(result))
        {
            canvas.Clear(new SKColor(padding, padding, padding));
            if (isMirrored)
                canvas.Scale(-1, 1, width / 2f, 0);
            using var bitmapImage = SKImage.FromBitmap(_bitmap);
            canvas.DrawImage(bitmapImage, source, target, Sampling);
        }

        var pixels = result.GetPixelSpan();
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
            pixels.Slice(4 * i, 3).CopyTo(rgb.AsSpan(3 * i));
        return new Image(width, height, rgb);
    }
}
