using ModelBuild.Runtime;
using SkiaSharp;

namespace ModelBuild.Imaging.Drawing;

/// <summary>Finds places for the labels of objects beside their boxes.</summary>
internal sealed class LabelPlaces(float width, float height)
{
    private readonly List<SKRect> _taken = [];

    /// <summary>Returns a place for a label inside the picture, if possible one that no earlier label covers.</summary>
    /// <param name="box">The box of the object.</param>
    /// <param name="size">The size of the label.</param>
    /// <param name="line">The width of the sides of the box.</param>
    public SKRect Next(ImageBox box, SKSize size, float line)
    {
        Span<float> tops = [box.Top - size.Height, box.Top, box.Bottom, box.Bottom - size.Height];
        // The left side of the label is aligned with the outer edge of the box's line.
        var left = Limit(box.Left - (line / 2), width - size.Width);
        var place = default(SKRect?);
        foreach (var top in tops)
        {
            if (top < 0 || top + size.Height > height)
                continue;
            var candidate = SKRect.Create(left, top, size.Width, size.Height);
            place ??= candidate;
            if (IsTaken(candidate))
                continue;
            place = candidate;
            break;
        }

        var result = place ?? SKRect.Create(left, Limit(box.Top, height - size.Height), size.Width, size.Height);
        _taken.Add(result);
        return result;
    }

    private static float Limit(float value, float max) => MathF.Max(0, MathF.Min(value, max));

    private bool IsTaken(SKRect candidate)
    {
        foreach (var taken in _taken)
            if (taken.IntersectsWith(candidate))
                return true;
        return false;
    }
}
