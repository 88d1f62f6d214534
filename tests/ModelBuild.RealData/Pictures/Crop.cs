namespace ModelBuild.RealData.Pictures;

/// <summary>A part of a picture.</summary>
/// <param name="X">How far to the right it lies, 0…1 of what is left beside it.</param>
/// <param name="Y">How far down it lies, 0…1 of what is left above and below it.</param>
/// <param name="Scale">Its height as a share (0…1) of the largest part with the same proportions.</param>
/// <param name="IsMirrored">Whether left and right are exchanged.</param>
public sealed record Crop(double X, double Y, double Scale, bool IsMirrored)
{
    private const double Smallest = 0.45;

    /// <summary>
    /// The part with a number. Positions and sizes are terms of Halton sequences (Halton 1960), which cover all of them evenly and are the same in each run.
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
