using System.Globalization;
using ModelBuild.Imaging.Pixels;
using ModelBuild.Runtime;
using SkiaSharp;

namespace ModelBuild.Imaging.Drawing;

/// <summary>Draws detected objects on pixels: masks at the bottom, then boxes and key points, and labels on top.</summary>
internal sealed class DetectionPainter : IDisposable
{
    private const byte OutlineAlpha = 120;

    private readonly SKBitmap _bitmap = new();
    private readonly SKCanvas _canvas;
    private readonly PixelBuffer _pixels;
    private readonly DrawingSizes _sizes;
    private readonly LabelFont _font;

    /// <summary>Initializes a new instance of the <see cref="DetectionPainter"/> class.</summary>
    /// <param name="pixels">The pixels to draw on.</param>
    /// <param name="typeface">The typeface of labels.</param>
    public DetectionPainter(PixelBuffer pixels, SKTypeface typeface)
    {
        _pixels = pixels;
        _sizes = DrawingSizes.For(pixels.Width, pixels.Height);
        _font = new LabelFont(typeface, _sizes.Text);
        _bitmap.InstallPixels(pixels.Info, pixels.Address, pixels.Stride);
        _canvas = new SKCanvas(_bitmap);
    }

    /// <summary>Draws the objects in the order of their scores, so that those with the highest scores are on top.</summary>
    public void Draw(IEnumerable<Detection> detections)
    {
        var ordered = detections.Where(detection => IsFinite(detection.Box)).OrderBy(detection => detection.Score).ToArray();
        foreach (var detection in ordered)
            if (detection.Mask is { } mask)
                MaskPainter.Draw(_canvas, mask, ClassColor.Of(detection.Class));
        foreach (var detection in ordered)
            DrawBox(detection.Box, ClassColor.Of(detection.Class));
        foreach (var detection in ordered)
            DrawPoints(detection);
        if (_font.HasGlyphs)
            DrawLabels(ordered);
        _canvas.Flush();
        GC.KeepAlive(_pixels);
    }

    public void Dispose()
    {
        _canvas.Dispose();
        _bitmap.Dispose();
        _font.Dispose();
    }

    private static bool IsFinite(ImageBox box) => float.IsFinite(box.Left + box.Top + box.Right + box.Bottom);

    private static string Text(Detection detection) => string.Create(CultureInfo.InvariantCulture, $"{detection.Label} {detection.Score * 100:0} %");

    // A black or white line around the colored line keeps a box visible on a background of the same color.
    private void DrawBox(ImageBox box, SKColor color)
    {
        var rectangle = new SKRect(Snap(box.Left), Snap(box.Top), Snap(box.Right), Snap(box.Bottom));
        using var paint = new SKPaint { Style = SKPaintStyle.Stroke, IsAntialias = true };
        (paint.Color, paint.StrokeWidth) = (ClassColor.TextOn(color).WithAlpha(OutlineAlpha), _sizes.Line + 2);
        _canvas.DrawRect(rectangle, paint);
        (paint.Color, paint.StrokeWidth) = (color, _sizes.Line);
        _canvas.DrawRect(rectangle, paint);
    }

    // Rounds the position of a side of a box. A line of an odd width is sharp if its middle is the middle of a pixel.
    private float Snap(float side) => MathF.Round(side) + (_sizes.Line % 2 / 2);

    private void DrawPoints(Detection detection)
    {
        using var paint = new SKPaint { IsAntialias = true };
        foreach (var point in detection.Points)
        {
            paint.Color = SKColors.White;
            _canvas.DrawCircle(point.X, point.Y, _sizes.Point + 1, paint);
            paint.Color = ClassColor.Of(detection.Class);
            _canvas.DrawCircle(point.X, point.Y, _sizes.Point, paint);
        }
    }

    // Draws the labels of the objects. The labels with the highest scores are placed first, so that they get the best places, and are drawn last.
    private void DrawLabels(Detection[] ordered)
    {
        var places = new LabelPlaces(_pixels.Width, _pixels.Height);
        var margin = MathF.Ceiling(_sizes.Text / 5);
        var labels = new SKRect[ordered.Length];
        for (var i = ordered.Length - 1; i >= 0; i--)
            labels[i] = places.Next(ordered[i].Box, new SKSize(_font.Measure(Text(ordered[i])) + (2 * margin), MathF.Ceiling(_font.Height)), _sizes.Line);
        using var paint = new SKPaint { IsAntialias = true };
        for (var i = 0; i < ordered.Length; i++)
        {
            var color = ClassColor.Of(ordered[i].Class);
            paint.Color = color;
            _canvas.DrawRect(labels[i], paint);
            paint.Color = ClassColor.TextOn(color);
            _font.Draw(_canvas, Text(ordered[i]), labels[i].Left + margin, labels[i].Top, paint);
        }
    }
}
