namespace ModelBuild.Protocol;

/// <summary>Compares the description of an image input with the dimensions that the model declares.</summary>
internal static class ImageContradictions
{
    /// <summary>Returns a sentence about the first contradiction; null if there is none.</summary>
    /// <param name="description">The description.</param>
    /// <param name="channels">The number of channels that the model declares; 0 for a dynamic dimension.</param>
    /// <param name="inputWidth">The width that the model declares; 0 for a dynamic dimension.</param>
    /// <param name="inputHeight">The height that the model declares; 0 for a dynamic dimension.</param>
    public static string? Find(ImageDescription description, int channels, int inputWidth, int inputHeight)
    {
        if (channels != 0 && channels != description.Channels)
            return $"'{description.Order.ToString().ToLowerInvariant()}' has {Count(description.Channels)} and the input of the model has {Count(channels)}."
                + (channels == 1 ? " Start the description with 'gray'." : "");
        if (description.Crop is { } crop)
            return Compare("crop", crop.Width, crop.Height, inputWidth, inputHeight);
        if (description.Resize is { Kind: not ImageResizeKind.ShorterSide } resize)
            return Compare(Name(resize.Kind), resize.Width, resize.Height, inputWidth, inputHeight);
        return description.Resize is { } keeping && (inputWidth != 0 || inputHeight != 0)
            ? $"'resize({keeping.Width})' keeps the ratio, so its size depends on the image, and the input of the model has "
                + $"{Side(inputWidth)}x{Side(inputHeight)} pixels. Add a 'crop', or write the width and the height."
            : null;
    }

    private static string? Compare(string step, int width, int height, int inputWidth, int inputHeight) =>
        (inputWidth != 0 && inputWidth != width) || (inputHeight != 0 && inputHeight != height)
            ? $"'{step}' gives {width}x{height} pixels (width x height), and the input of the model has {Side(inputWidth)}x{Side(inputHeight)}."
            : null;

    private static string Name(ImageResizeKind kind) =>
        kind switch
        {
            ImageResizeKind.FitTopLeft => "fit",
            ImageResizeKind.FitCentered => "letterbox",
            _ => "resize",
        };

    private static string Side(int side) => side == 0 ? "any" : side.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Count(int channels) => channels == 1 ? "1 channel" : $"{channels} channels";
}
