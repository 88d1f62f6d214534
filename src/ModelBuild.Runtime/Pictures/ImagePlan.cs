namespace ModelBuild.Runtime.Pictures;

/// <summary>Holds the values of a resize that are computed once for all images of one size.</summary>
internal sealed class ImagePlan
{
    private ImagePlan(ImageSize original, ImageFrame frame, ResampleAxis horizontal, ResampleAxis vertical, ImageFilter filter, bool isAveraging)
    {
        Original = original;
        Frame = frame;
        IsAveraging = isAveraging;
        FirstColumn = Math.Max(frame.Left, 0);
        FirstRow = Math.Max(frame.Top, 0);
        var columns = (int)Math.Min((long)frame.Left + frame.Resized.Width, frame.Prepared.Width) - FirstColumn;
        var rows = (int)Math.Min((long)frame.Top + frame.Resized.Height, frame.Prepared.Height) - FirstRow;
        Columns = ResampleTable.Create(horizontal, FirstColumn - frame.Left, columns, filter, isAveraging);
        Rows = ResampleTable.Create(vertical, FirstRow - frame.Top, rows, filter, isAveraging);
        RowLength = checked(((columns * 4) + RowFilters.Step - 1) / RowFilters.Step * RowFilters.Step);
    }

    /// <summary>Creates the plan for images of one size.</summary>
    /// <param name="description">The description of the input.</param>
    /// <param name="original">The size of the images.</param>
    /// <param name="frame">The position of the resized image in the prepared image.</param>
    public static ImagePlan ForInput(ImageDescription description, ImageSize original, ImageFrame frame) =>
        new(
            original,
            frame,
            ResampleAxis.Whole(original.Width, frame.Resized.Width),
            ResampleAxis.Whole(original.Height, frame.Resized.Height),
            description.Resize?.Filter ?? ImageFilter.Bilinear,
            description.Resize?.Antialias ?? true
        );

    /// <summary>Creates the plan for the conversion of a model's output to an image.</summary>
    /// <param name="output">The size of the output.</param>
    /// <param name="size">The size of the image.</param>
    /// <param name="horizontal">The columns of the output that become the image.</param>
    /// <param name="vertical">The rows of the output that become the image.</param>
    public static ImagePlan ForOutput(ImageSize output, ImageSize size, ResampleAxis horizontal, ResampleAxis vertical) =>
        new(output, new ImageFrame(size, size, 0, 0), horizontal, vertical, ImageFilter.Bilinear, isAveraging: true);

    /// <summary>Gets the size of the images.</summary>
    public ImageSize Original { get; }

    /// <summary>Gets the position of the resized image in the prepared image.</summary>
    public ImageFrame Frame { get; }

    /// <summary>Gets whether the filter averages the pixels of a larger image. Such a filter rounds 8-bit images after each axis, as PIL does.</summary>
    public bool IsAveraging { get; }

    /// <summary>Gets the first column of the prepared image that the resized image covers.</summary>
    public int FirstColumn { get; }

    /// <summary>Gets the first row of the prepared image that the resized image covers.</summary>
    public int FirstRow { get; }

    /// <summary>Gets the windows of the source columns from which the covered columns are computed.</summary>
    public ResampleTable Columns { get; }

    /// <summary>Gets the windows of the source rows from which the covered rows are computed.</summary>
    public ResampleTable Rows { get; }

    /// <summary>
    /// Gets the number of floats of a row of resized pixels: four for each pixel, rounded up to a multiple of the step of the loops over a row.
    /// </summary>
    public int RowLength { get; }
}
