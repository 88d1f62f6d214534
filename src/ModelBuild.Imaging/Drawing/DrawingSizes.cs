namespace ModelBuild.Imaging.Drawing;

/// <summary>Represents the sizes of lines and text, which depend on the size of the picture.</summary>
/// <param name="Line">The width of the sides of boxes in pixels.</param>
/// <param name="Text">The size of the text in pixels.</param>
/// <param name="Point">The radius of key points in pixels.</param>
internal readonly record struct DrawingSizes(float Line, float Text, float Point)
{
    public static DrawingSizes For(int width, int height)
    {
        // The sizes depend on the side of a square that has the area of the picture.
        var side = MathF.Sqrt((float)width * height);
        var line = MathF.Max(1, MathF.Round(side / 300));
        return new DrawingSizes(line, MathF.Max(10, side / 38), MathF.Max(1.5f, line * 1.5f));
    }
}
