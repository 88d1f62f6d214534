using SkiaSharp;

namespace ModelBuild.Imaging.Drawing;

/// <summary>Chooses the color in which the objects of a class are drawn.</summary>
internal static class ClassColor
{
    // The golden angle in degrees. Its multiples divide the circle of hues evenly for any number of classes.
    private const double GoldenAngle = 137.50776405003785;
    private const int Shades = 3;

    // The luminance at which black and white text have the same contrast: √(1.05 × 0.05) − 0.05.
    private const double EqualContrast = 0.179;

    /// <summary>
    /// Returns the color of a class by its index, which is the same in each picture. Neighbouring classes differ in hue, and of three successive classes one is
    /// pale and one is dark.
    /// </summary>
    public static SKColor Of(int index)
    {
        var position = Math.Abs((long)index);
        var (saturation, value) = (position % Shades) switch
        {
            0 => (90f, 100f),
            1 => (60f, 100f),
            _ => (95f, 78f),
        };
        return SKColor.FromHsv((float)(position * GoldenAngle % 360), saturation, value);
    }

    /// <summary>Returns black or white, whichever has the higher contrast to a color. The contrast by WCAG 2.2 is at least 4.5.</summary>
    public static SKColor TextOn(SKColor color) => Luminance(color) > EqualContrast ? SKColors.Black : SKColors.White;

    /// <summary>Returns the relative luminance of a color, from 0 to 1 (WCAG 2.2).</summary>
    public static double Luminance(SKColor color) => (0.2126 * Linear(color.Red)) + (0.7152 * Linear(color.Green)) + (0.0722 * Linear(color.Blue));

    private static double Linear(byte channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
