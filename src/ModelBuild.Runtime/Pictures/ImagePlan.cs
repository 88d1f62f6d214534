namespace ModelBuild.Runtime.Pictures;

/// <summary>What is computed once for all images of one size.</summary>
internal sealed class ImagePlan
{
    // Four pixels are computed at a time, each with four values.
    private const int ValuesPerStep = 16;

    /// <summary>Initializes the plan of images of one size.</summary>
    /// <param name="description">The description of the input.</param>
    /// <param name="original">The size of the images.</param>
    /// <param name="frame">Where the resized image is in the prepared image.</param>
    public ImagePlan(ImageDescription description, ImageSize original, ImageFrame frame)
    {
        Original = original;
        Frame = frame;
        FirstColumn = Math.Max(frame.Left, 0);
        FirstRow = Math.Max(frame.Top, 0);
        var columns = (int)Math.Min((long)frame.Left + frame.Resized.Width, frame.Prepared.Width) - FirstColumn;
        var rows = (int)Math.Min((long)frame.Top + frame.Resized.Height, frame.Prepared.Height) - FirstRow;
        var filter = description.Resize?.Filter ?? ImageFilter.Bilinear;
        IsAveraging = description.Resize?.Antialias ?? true;
        Columns = ResampleTable.Create(
            ResampleAxis.Whole(original.Width, frame.Resized.Width),
            FirstColumn - frame.Left,
            columns,
            filter,
            IsAveraging
        );
        Rows = ResampleTable.Create(ResampleAxis.Whole(original.Height, frame.Resized.Height), FirstRow - frame.Top, rows, filter, IsAveraging);
        RowLength = checked(((columns * 4) + ValuesPerStep - 1) / ValuesPerStep * ValuesPerStep);
    }

    /// <summary>Gets the size of the images.</summary>
    public ImageSize Original { get; }

    /// <summary>Gets where the resized image is in the prepared image.</summary>
    public ImageFrame Frame { get; }

    /// <summary>Gets whether the filter averages. Such a filter rounds 8-bit images after each axis, as PIL does.</summary>
    public bool IsAveraging { get; }

    /// <summary>Gets the first column of the prepared image that the resized image covers.</summary>
    public int FirstColumn { get; }

    /// <summary>Gets the first row of the prepared image that the resized image covers.</summary>
    public int FirstRow { get; }

    /// <summary>Gets the windows of the covered columns.</summary>
    public ResampleTable Columns { get; }

    /// <summary>Gets the windows of the covered rows.</summary>
    public ResampleTable Rows { get; }

    /// <summary>Gets the number of values of a row of resized pixels: four for each, and enough for the last step of a loop.</summary>
    public int RowLength { get; }
}
