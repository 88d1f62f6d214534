namespace ModelBuild.Runtime;

/// <summary>Represents a rectangle in an image, in pixels from the left and the top edge. Its sides may lie between two pixels.</summary>
/// <param name="Left">The left side.</param>
/// <param name="Top">The top side.</param>
/// <param name="Right">The right side.</param>
/// <param name="Bottom">The bottom side.</param>
public readonly record struct ImageBox(float Left, float Top, float Right, float Bottom)
{
    /// <summary>Gets the width in pixels.</summary>
    public float Width => Right - Left;

    /// <summary>Gets the height in pixels.</summary>
    public float Height => Bottom - Top;

    /// <summary>Gets the area in pixels; 0 for a rectangle whose sides are in the wrong order.</summary>
    public float Area => MathF.Max(0, Width) * MathF.Max(0, Height);

    /// <summary>Returns the area that two rectangles share, divided by the area that they cover together (intersection over union).</summary>
    /// <param name="other">The other rectangle.</param>
    /// <returns>0 for rectangles without a common area, and 1 for equal rectangles.</returns>
    public float Overlap(ImageBox other)
    {
        var width = MathF.Min(Right, other.Right) - MathF.Max(Left, other.Left);
        var height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Top, other.Top);
        if (!(width > 0 && height > 0))
            return 0;
        var shared = width * height;
        return shared / (Area + other.Area - shared);
    }
}
