namespace ModelBuild.Runtime.Detections;

/// <summary>Converts the four numbers of a box to a rectangle in pixels of the prepared image.</summary>
internal static class BoxNumbers
{
    /// <summary>Returns the rectangle that four numbers describe, in pixels of the prepared image.</summary>
    /// <param name="numbers">The four numbers.</param>
    /// <param name="form">The meaning of the four numbers.</param>
    /// <param name="unit">The pixels of one unit: the size of the prepared image for relative numbers, and 1x1 for pixels.</param>
    public static ImageBox ToBox(ReadOnlySpan<float> numbers, BoxForm form, ImageSize unit)
    {
        var (left, top, right, bottom) = form switch
        {
            BoxForm.Corners => (numbers[0], numbers[1], numbers[2], numbers[3]),
            BoxForm.CornersYFirst => (numbers[1], numbers[0], numbers[3], numbers[2]),
            BoxForm.Center => (numbers[0] - (numbers[2] / 2), numbers[1] - (numbers[3] / 2), numbers[0] + (numbers[2] / 2), numbers[1] + (numbers[3] / 2)),
            _ => (numbers[0], numbers[1], numbers[0] + numbers[2], numbers[1] + numbers[3]),
        };
        return new ImageBox(left * unit.Width, top * unit.Height, right * unit.Width, bottom * unit.Height);
    }
}
