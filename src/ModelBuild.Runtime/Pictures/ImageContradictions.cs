namespace ModelBuild.Runtime.Pictures;

/// <summary>Compares the description of an image input with the dimensions that the model declares.</summary>
internal static class ImageContradictions
{
    /// <summary>Returns a sentence about the first contradiction; null if there is none.</summary>
    public static string? Find(ImageDescription description, int channels, ImageSize input)
    {
        if (channels != 0 && channels != description.Channels)
            return $"'{description.Order.ToString().ToLowerInvariant()}' has {Count(description.Channels)} and the input of the model has {Count(channels)}."
                + (channels == 1 ? " Start the description with 'gray'." : "");
        if (description.Crop is { } crop)
            return Compare("crop", crop.Width, crop.Height, input);
        if (description.Resize is { Kind: not ImageResizeKind.ShorterSide } resize)
            return Compare(Name(resize.Kind), resize.Width, resize.Height, input);
        return description.Resize is { } keeping && input != default
            ? $"'resize({keeping.Width})' keeps the ratio, so its size depends on the image, and the input of the model has "
                + $"{Side(input.Width)}x{Side(input.Height)} pixels. Add a 'crop', or write the width and the height."
            : null;
    }

    private static string? Compare(string step, int width, int height, ImageSize input) =>
        (input.Width != 0 && input.Width != width) || (input.Height != 0 && input.Height != height)
            ? $"'{step}' gives {width}x{height} pixels (width x height), and the input of the model has {Side(input.Width)}x{Side(input.Height)}."
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
