using SkiaSharp;

namespace ModelBuild.Imaging.Drawing;

/// <summary>Chooses the color of a class.</summary>
internal static class ClassColor
{
    // Multiples of the golden angle divide the circle of hues evenly, however many classes there are.
    private const double GoldenAngle = 137.50776405003785;
    private const int Shades = 3;

    /// <summary>Returns the color of a class, the same in each picture. Neighbouring classes differ in hue, and every third class is darker.</summary>
    public static SKColor Of(int index)
    {
        var hue = (float)((Math.Abs((long)index) * GoldenAngle) % 360);
        return SKColor.FromHsv(
            hue,
            90,
            (Math.Abs((long)index) % Shades) switch
            {
                0 => 100,
                1 => 85,
                _ => 65,
            }
        );
    }

    /// <summary>Returns black or white, whichever is easier to read on a color.</summary>
    public static SKColor TextOn(SKColor color)
    {
        // The brightness as Rec. 601 weights the channels.
        var brightness = (0.299 * color.Red) + (0.587 * color.Green) + (0.114 * color.Blue);
        return brightness > 140 ? SKColors.Black : SKColors.White;
    }
}
