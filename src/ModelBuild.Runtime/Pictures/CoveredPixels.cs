namespace ModelBuild.Runtime.Pictures;

/// <summary>
/// Represents the pixels of an original image that are in the input of the model, because their centre is in the prepared image. A crop removes the others.
/// </summary>
/// <param name="Left">The first column.</param>
/// <param name="Top">The first row.</param>
/// <param name="Right">The column after the last one.</param>
/// <param name="Bottom">The row after the last one.</param>
internal readonly record struct CoveredPixels(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Computes which pixels of an original image are in the prepared image.</summary>
    public static CoveredPixels Of(in ImagePlacement placement)
    {
        var (left, right) = Range(placement.Prepared.Width, placement.OffsetX, placement.Resized.Width, placement.Original.Width);
        var (top, bottom) = Range(placement.Prepared.Height, placement.OffsetY, placement.Resized.Height, placement.Original.Height);
        return new CoveredPixels(left, top, right, bottom);
    }

    /// <summary>Sets the pixels of an image that are not in the prepared image to a value.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="width">The width of the image.</param>
    /// <param name="value">The value of the pixels that are not in the prepared image.</param>
    public void FillOutside<T>(Span<T> pixels, int width, T value)
    {
        for (var y = 0; y * width < pixels.Length; y++)
        {
            var row = pixels.Slice(y * width, width);
            if (y < Top || y >= Bottom)
            {
                row.Fill(value);
                continue;
            }

            row[..Left].Fill(value);
            row[Right..].Fill(value);
        }
    }

    // Returns the elements of one axis that are in the prepared image. The centre of the element i is in it if start + (i + 0.5) * resized / original is from 0
    // to prepared.
    private static (int First, int End) Range(int prepared, float start, int resized, int original)
    {
        var first = (int)Math.Clamp(Math.Ceiling((-start * (double)original / resized) - 0.5), 0, original);
        var end = (int)Math.Clamp(Math.Floor(((prepared - start) * (double)original / resized) - 0.5) + 1, first, original);
        return (first, end);
    }
}
