namespace ModelBuild.Runtime.Maps;

/// <summary>Checks the sizes of maps and the positions of pixels in them.</summary>
internal static class MapSize
{
    /// <summary>Throws an exception if a map does not have one element for each pixel.</summary>
    public static void Require(int length, int width, int height, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((long)width * height != length)
            throw new ArgumentException($"A map of {width}x{height} pixels has {(long)width * height} elements, not {length}.", parameter);
    }

    /// <summary>Returns the index of a pixel in row-major order.</summary>
    public static int Place(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, width);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, height);
        return (y * width) + x;
    }
}
