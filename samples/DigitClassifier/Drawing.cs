using System.Text;

namespace DigitClassifier;

/// <summary>Draws digits in a terminal. A line shows two rows of pixels with half-block characters.</summary>
internal static class Drawing
{
    private const int Side = 28;
    private const float Ink = 0.4f;

    public static void Print(ReadOnlySpan<float> image)
    {
        for (var row = 2; row < Side - 2; row += 2)
        {
            var line = new StringBuilder("  ");
            for (var column = 0; column < Side; column++)
                line.Append(
                    (image[row * Side + column] > Ink, image[(row + 1) * Side + column] > Ink) switch
                    {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        _ => ' ',
                    }
                );
            Console.WriteLine(line.ToString().TrimEnd());
        }
    }
}
