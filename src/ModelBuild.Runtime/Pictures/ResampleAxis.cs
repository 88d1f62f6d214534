namespace ModelBuild.Runtime.Pictures;

/// <summary>Represents one axis of a resize, in which an interval of the source becomes a number of elements.</summary>
/// <param name="From">The start of the interval, in elements of the source.</param>
/// <param name="To">The end of the interval, in elements of the source.</param>
/// <param name="Low">The first element of the source that may be read.</param>
/// <param name="High">The end of the elements of the source that may be read.</param>
/// <param name="Size">The number of elements that the interval becomes.</param>
internal readonly record struct ResampleAxis(double From, double To, int Low, int High, int Size)
{
    /// <summary>Creates the axis of a resize of all elements.</summary>
    public static ResampleAxis Whole(int source, int size) => new(0, source, 0, source, size);

    /// <summary>Creates the axis on which an output of a model becomes the side of an original image again.</summary>
    /// <param name="output">The number of elements of the output.</param>
    /// <param name="prepared">The side of the prepared image, which the output covers.</param>
    /// <param name="start">The start of the resized original in the prepared image.</param>
    /// <param name="resized">The side of the resized original.</param>
    /// <param name="original">The side of the original.</param>
    public static ResampleAxis Back(int output, int prepared, float start, int resized, int original)
    {
        var scale = (double)output / prepared;
        var (from, to) = (start * scale, (start + resized) * scale);
        // Elements of the padding are not read. If a crop removed a part of the original, this part gets the values at the edge of the crop.
        var low = (int)Math.Clamp(Math.Floor(from), 0, output - 1);
        return new ResampleAxis(from, to, low, (int)Math.Clamp(Math.Ceiling(to), low + 1, output), original);
    }

    /// <summary>Gets the number of source elements for each element of the result.</summary>
    public double Scale => (To - From) / Size;
}
