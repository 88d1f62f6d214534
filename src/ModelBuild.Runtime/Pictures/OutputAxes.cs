namespace ModelBuild.Runtime.Pictures;

/// <summary>Represents the columns and rows of an output that become an image.</summary>
/// <param name="Horizontal">The columns.</param>
/// <param name="Vertical">The rows.</param>
internal readonly record struct OutputAxes(ResampleAxis Horizontal, ResampleAxis Vertical)
{
    /// <summary>Creates the axes of the whole output in its own size.</summary>
    public static OutputAxes Whole(ImageSize output) => new(ResampleAxis.Whole(output.Width, output.Width), ResampleAxis.Whole(output.Height, output.Height));

    /// <summary>Creates the axes on which an output becomes an image of the original's size.</summary>
    /// <param name="output">The size of the output.</param>
    /// <param name="placement">The position of the original in the prepared image, which the output covers.</param>
    /// <exception cref="ArgumentException">The placement is empty.</exception>
    public static OutputAxes Back(ImageSize output, in ImagePlacement placement) =>
        placement.Original.Width > 0
            ? new OutputAxes(
                ResampleAxis.Back(output.Width, placement.Prepared.Width, placement.OffsetX, placement.Resized.Width, placement.Original.Width),
                ResampleAxis.Back(output.Height, placement.Prepared.Height, placement.OffsetY, placement.Resized.Height, placement.Original.Height)
            )
            : throw new ArgumentException("The placement is empty. ImagePreparation.Place returns placements.", nameof(placement));

    /// <summary>Creates the axes of the part of an output that the original covers, without padding, in the output's own size.</summary>
    /// <param name="output">The size of the output.</param>
    /// <param name="placement">The position of the original in the prepared image, which the output covers.</param>
    public static OutputAxes Inside(ImageSize output, in ImagePlacement placement) =>
        new(
            Inside(output.Width, placement.Prepared.Width, placement.OffsetX, placement.Resized.Width),
            Inside(output.Height, placement.Prepared.Height, placement.OffsetY, placement.Resized.Height)
        );

    /// <summary>Creates the axes of the part of the original that a part of the output shows, in the size of that part.</summary>
    /// <param name="inside">The part of the output.</param>
    /// <param name="output">The size of the output.</param>
    /// <param name="placement">The position of the original in the prepared image, which the output covers.</param>
    public static OutputAxes OfOriginal(OutputAxes inside, ImageSize output, in ImagePlacement placement) =>
        new(
            OfOriginal(inside.Horizontal, output.Width, placement.Prepared.Width, placement.OffsetX, placement.Resized.Width, placement.Original.Width),
            OfOriginal(inside.Vertical, output.Height, placement.Prepared.Height, placement.OffsetY, placement.Resized.Height, placement.Original.Height)
        );

    private static ResampleAxis Inside(int output, int prepared, float start, int resized)
    {
        var scale = (double)output / prepared;
        var low = (int)Math.Clamp(Math.Round(start * scale), 0, output - 1);
        var high = (int)Math.Clamp(Math.Round((start + resized) * scale), low + 1, output);
        return new ResampleAxis(low, high, low, high, high - low);
    }

    private static ResampleAxis OfOriginal(ResampleAxis inside, int output, int prepared, float start, int resized, int original)
    {
        var (from, to) = (ToOriginal(inside.From), ToOriginal(inside.To));
        var low = (int)Math.Clamp(Math.Floor(from), 0, original - 1);
        return new ResampleAxis(from, to, low, (int)Math.Clamp(Math.Ceiling(to), low + 1, original), inside.Size);

        double ToOriginal(double place) => ((place * prepared / output) - start) * original / resized;
    }
}
