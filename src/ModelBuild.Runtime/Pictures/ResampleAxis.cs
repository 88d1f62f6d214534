namespace ModelBuild.Runtime.Pictures;

/// <summary>One axis of a resize: an interval of the source becomes a number of elements.</summary>
/// <param name="From">Where the interval starts, in elements of the source.</param>
/// <param name="To">Where the interval ends, in elements of the source.</param>
/// <param name="Low">The first element of the source that may be read.</param>
/// <param name="High">The end of the elements of the source that may be read.</param>
/// <param name="Size">The number of elements that the interval becomes.</param>
internal readonly record struct ResampleAxis(double From, double To, int Low, int High, int Size)
{
    /// <summary>Creates the axis of a resize of all elements.</summary>
    public static ResampleAxis Whole(int source, int size) => new(0, source, 0, source, size);

    /// <summary>Gets the number of source elements for each element of the result.</summary>
    public double Scale => (To - From) / Size;
}
