namespace ModelBuild.Runtime;

/// <summary>
/// Represents where the pixels of an original image are in the image that a model gets: prepared = original × scale + offset. Coordinates refer to the edges of
/// pixels: the first pixel goes from 0 to 1, and its centre is 0.5.
/// </summary>
public readonly struct ImagePlacement
{
    internal ImagePlacement(ImageSize original, ImageSize prepared, ImageSize resized, int left, int top)
    {
        Original = original;
        Prepared = prepared;
        Resized = resized;
        ScaleX = (float)((double)resized.Width / original.Width);
        ScaleY = (float)((double)resized.Height / original.Height);
        OffsetX = left;
        OffsetY = top;
    }

    /// <summary>Gets the size of the original image.</summary>
    public ImageSize Original { get; }

    /// <summary>Gets the size of the image that the model gets.</summary>
    public ImageSize Prepared { get; }

    /// <summary>Gets the width of a column of the original in the prepared image, in pixels.</summary>
    public float ScaleX { get; }

    /// <summary>Gets the height of a row of the original in the prepared image, in pixels.</summary>
    public float ScaleY { get; }

    /// <summary>Gets the position of the left edge of the original in the prepared image, in pixels. It is negative if a crop removed columns.</summary>
    public float OffsetX { get; }

    /// <summary>Gets the position of the upper edge of the original in the prepared image, in pixels. It is negative if a crop removed rows.</summary>
    public float OffsetY { get; }

    /// <summary>Gets the size of the whole original in pixels of the prepared image.</summary>
    internal ImageSize Resized { get; }

    /// <summary>Maps a point of the prepared image, such as a corner of a box that a model returns, to the original image.</summary>
    /// <param name="x">The horizontal coordinate in pixels of the prepared image.</param>
    /// <param name="y">The vertical coordinate in pixels of the prepared image.</param>
    /// <returns>The point in pixels of the original image. It is outside of the original if the given point is in the padding.</returns>
    public (float X, float Y) ToOriginal(float x, float y) => ((x - OffsetX) / ScaleX, (y - OffsetY) / ScaleY);

    /// <summary>Maps a point of the original image to the prepared image.</summary>
    /// <param name="x">The horizontal coordinate in pixels of the original image.</param>
    /// <param name="y">The vertical coordinate in pixels of the original image.</param>
    /// <returns>The point in pixels of the prepared image. It is outside of the prepared image if a crop removed it.</returns>
    public (float X, float Y) ToPrepared(float x, float y) => ((x * ScaleX) + OffsetX, (y * ScaleY) + OffsetY);
}
