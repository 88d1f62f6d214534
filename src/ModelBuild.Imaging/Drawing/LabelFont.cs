using SkiaSharp;

namespace ModelBuild.Imaging.Drawing;

/// <summary>Represents the font of labels. On a machine without fonts the typeface has no glyphs, and no text is drawn.</summary>
internal sealed class LabelFont : IDisposable
{
    private readonly SKFont _font;

    public LabelFont(SKTypeface typeface, float size)
    {
        _font = new SKFont(typeface, size) { Edging = SKFontEdging.Antialias, Subpixel = true };
        HasGlyphs = typeface.GlyphCount > 0;
        var metrics = _font.Metrics;
        Ascent = -metrics.Ascent;
        Height = metrics.Descent - metrics.Ascent;
    }

    public bool HasGlyphs { get; }

    /// <summary>Gets the distance in pixels from the top of a line of text to its baseline.</summary>
    public float Ascent { get; }

    /// <summary>Gets the height of a line of text in pixels.</summary>
    public float Height { get; }

    public float Measure(string text) => _font.MeasureText(text);

    public void Draw(SKCanvas canvas, string text, float left, float top, SKPaint paint) =>
        canvas.DrawText(text, left, top + Ascent, SKTextAlign.Left, _font, paint);

    public void Dispose() => _font.Dispose();
}
