namespace ModelBuild.Runtime.Pictures;

/// <summary>Represents the position of a resized image in the prepared image.</summary>
/// <param name="Prepared">The size of the prepared image.</param>
/// <param name="Resized">The size of the whole resized image, of which a crop may remove a part.</param>
/// <param name="Left">The column of the prepared image at which the resized image starts; negative if a crop removes columns.</param>
/// <param name="Top">The row of the prepared image at which the resized image starts; negative if a crop removes rows.</param>
internal readonly record struct ImageFrame(ImageSize Prepared, ImageSize Resized, int Left, int Top)
{
    /// <summary>Computes the frame of an image.</summary>
    /// <param name="description">The description of the input.</param>
    /// <param name="input">The size that the model declares; 0 for dynamic dimensions.</param>
    /// <param name="original">The size of the image.</param>
    public static ImageFrame Create(ImageDescription description, ImageSize input, ImageSize original)
    {
        var resized = description.Resize is { } resize ? ResizedSize(resize, original) : DefaultSize(description, input, original);
        if (description.Crop is { } crop)
        {
            var size = new ImageSize(crop.Width, crop.Height);
            return new ImageFrame(size, resized, CropStart(resized.Width, size.Width), CropStart(resized.Height, size.Height));
        }

        if (description.Resize is not { Kind: ImageResizeKind.FitTopLeft or ImageResizeKind.FitCentered } fit)
            return new ImageFrame(resized, resized, 0, 0);
        var isCentered = fit.Kind == ImageResizeKind.FitCentered;
        return new ImageFrame(
            new ImageSize(fit.Width, fit.Height),
            resized,
            isCentered ? (fit.Width - resized.Width) / 2 : 0,
            isCentered ? (fit.Height - resized.Height) / 2 : 0
        );
    }

    private static ImageSize ResizedSize(ImageResize resize, ImageSize original)
    {
        if (resize.Kind == ImageResizeKind.Stretch)
            return new ImageSize(resize.Width, resize.Height);
        if (resize.Kind == ImageResizeKind.ShorterSide)
            return original.Width <= original.Height
                ? new ImageSize(resize.Width, LongSide(resize.Width, original.Height, original.Width))
                : new ImageSize(LongSide(resize.Width, original.Width, original.Height), resize.Width);
        var scale = Math.Min((double)resize.Width / original.Width, (double)resize.Height / original.Height);
        return new ImageSize(FitSide(original.Width, scale, resize.Width), FitSide(original.Height, scale, resize.Height));
    }

    // Returns the size of an image for a description without geometry, which stretches the image to the declared size. If only one side is declared, the aspect
    // ratio is kept.
    private static ImageSize DefaultSize(ImageDescription description, ImageSize input, ImageSize original)
    {
        if (description.Crop is not null || input is { Width: 0, Height: 0 })
            return original;
        if (input.Width == 0)
            return new ImageSize(FitSide(original.Width, (double)input.Height / original.Height, int.MaxValue), input.Height);
        return input.Height == 0 ? new ImageSize(input.Width, FitSide(original.Height, (double)input.Width / original.Width, int.MaxValue)) : input;
    }

    // Returns the long side of a resized image, which is truncated as torchvision does.
    private static int LongSide(int shortSide, int originalLong, int originalShort) =>
        (long)shortSide * originalLong / originalShort is <= int.MaxValue and var side
            ? (int)side
            : throw new ArgumentException($"A side of {originalLong} pixels would have more than {int.MaxValue} pixels after the resize.");

    private static int FitSide(int side, double scale, int max) => (int)Math.Clamp(Math.Round(side * scale), 1, max);

    // Returns the start of the resized image along one side of the prepared image. An image that is larger than the crop starts before it, by half of the
    // difference, rounded to even; a smaller one starts after half of the padding.
    private static int CropStart(int side, int crop) => side >= crop ? -(int)Math.Round((side - crop) / 2.0) : (crop - side) / 2;
}
