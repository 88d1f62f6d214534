namespace ModelBuild.RealData.Images;

/// <summary>A part of an image.</summary>
/// <param name="X">The horizontal position, as a share (0…1) of the width that the part does not cover.</param>
/// <param name="Y">The vertical position, as a share (0…1) of the height that the part does not cover.</param>
/// <param name="Scale">The height, as a share (0…1) of the largest part with the same proportions.</param>
/// <param name="IsMirrored">Whether left and right are exchanged.</param>
public sealed record Crop(double X, double Y, double Scale, bool IsMirrored)
{
    private const double Smallest = 0.45;

    /// <summary>
    /// Returns the part with a number. Positions and sizes are terms of Halton sequences (Halton 1960), which are evenly distributed and the same in each run.
    /// </summary>
    public static Crop Of(int number) => new(Halton(number, 2), Halton(number, 3), Smallest + (1 - Smallest) * Halton(number, 5), Halton(number, 7) >= 0.5);

    private static double Halton(int number, int radix)
    {
        var (result, digit) = (0.0, 1.0);
        for (var rest = number + 1; rest > 0; rest /= radix)
        {
            digit /= radix;
            result += digit * (rest % radix);
        }

        return result;
    }
}
