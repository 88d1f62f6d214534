namespace ModelBuild.Imaging;

/// <summary>
/// Represents the limits of files that <see cref="Picture"/> loads. The size in bytes is checked while the file is read, and the size in pixels before memory
/// for pixels is allocated.
/// </summary>
public sealed class PictureLimits
{
    // The highest value that the limit of pixels can have, because all pixels are in one array with four bytes each.
    private const int MaxMaxPixels = 500_000_000;
    private const int MaxMaxBytes = 2_000_000_000;
    private const int MaxMaxSide = 1 << 20;

    internal static PictureLimits Default { get; } = new();

    /// <summary>Gets the largest number of pixels, which is the width times the height; 100,000,000 by default, and at most 500,000,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or more than 500,000,000.</exception>
    public int MaxPixels
    {
        get;
        init => field = Checked(value, MaxMaxPixels);
    } = 100_000_000;

    /// <summary>Gets the largest number of bytes of a file; 200,000,000 by default, and at most 2,000,000,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or more than 2,000,000,000.</exception>
    public int MaxBytes
    {
        get;
        init => field = Checked(value, MaxMaxBytes);
    } = 200_000_000;

    /// <summary>Gets the largest width and the largest height in pixels; 65,535 by default, and at most 1,048,576.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or more than 1,048,576.</exception>
    public int MaxSide
    {
        get;
        init => field = Checked(value, MaxMaxSide);
    } = 65_535;

    private static int Checked(int value, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max);
        return value;
    }
}
