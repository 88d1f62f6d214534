using System.Globalization;
using ModelBuild.Runtime.Maps;

namespace ModelBuild.Runtime;

/// <summary>Represents a number for each pixel of an image, such as its depth or its saliency.</summary>
/// <remarks>
/// The map has the size of the original image. A pixel that a crop of the preparation removed has the value <see cref="float.NaN"/>, because it is not in the
/// input of the model.
/// </remarks>
public sealed class ValueMap
{
    private readonly ReadOnlyMemory<float> _values;

    /// <summary>Initializes a new instance of the <see cref="ValueMap"/> class.</summary>
    /// <param name="values">The value of each pixel: rows from top to bottom, and pixels from left to right.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="height">The number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    /// <exception cref="ArgumentException"><paramref name="values"/> does not have one element for each pixel.</exception>
    public ValueMap(ReadOnlyMemory<float> values, int width, int height)
    {
        MapSize.Require(values.Length, width, height, nameof(values));
        (_values, Width, Height) = (values, width, height);
        (Min, Max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values.Span)
            if (float.IsFinite(value))
                (Min, Max) = (MathF.Min(Min, value), MathF.Max(Max, value));
        if (Min > Max)
            (Min, Max) = (float.NaN, float.NaN);
    }

    /// <summary>Gets the number of columns, which is that of the original image.</summary>
    public int Width { get; }

    /// <summary>Gets the number of rows, which is that of the original image.</summary>
    public int Height { get; }

    /// <summary>Gets the value of each pixel: rows from top to bottom, and pixels from left to right.</summary>
    public ReadOnlySpan<float> Values => _values.Span;

    /// <summary>Gets the smallest finite value; <see cref="float.NaN"/> if there is none.</summary>
    public float Min { get; }

    /// <summary>Gets the largest finite value; <see cref="float.NaN"/> if there is none.</summary>
    public float Max { get; }

    /// <summary>Gets the value that is black in <see cref="ToImage()"/>; null for <see cref="Min"/>.</summary>
    internal float? Black { get; init; }

    /// <summary>Gets the value that is white in <see cref="ToImage()"/>; null for <see cref="Max"/>.</summary>
    internal float? White { get; init; }

    /// <summary>Gets whether black and white are exchanged in <see cref="ToImage()"/>.</summary>
    internal bool IsInverted { get; init; }

    /// <summary>Gets the value of a pixel.</summary>
    /// <param name="x">The zero-based column.</param>
    /// <param name="y">The zero-based row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pixel is outside of the image.</exception>
    public float this[int x, int y] => Values[MapSize.Place(x, y, Width, Height)];

    /// <summary>
    /// Creates a gray image of the values. The range that the description names goes from black to white, or from white to black with <c>invert</c>. Without a
    /// range in the description, the range goes from <see cref="Min"/> to <see cref="Max"/>.
    /// </summary>
    /// <returns>
    /// An image in the format <see cref="PixelFormat.Gray"/>. A pixel that is not a number is black, and so are all pixels of a map with one value.
    /// </returns>
    public ImageView ToImage()
    {
        var (black, white) = (Black ?? Min, White ?? Max);
        if (!(black < white))
            return Gray(new byte[_values.Length]);
        return IsInverted ? ToImage(white, black) : ToImage(black, white);
    }

    /// <summary>Creates a gray image of the values in a range.</summary>
    /// <param name="black">The value that becomes 0.</param>
    /// <param name="white">The value that becomes 255. It may be less than <paramref name="black"/>.</param>
    /// <returns>An image in the format <see cref="PixelFormat.Gray"/>. A pixel that is not a number is black.</returns>
    /// <exception cref="ArgumentException">The two values are equal, or one of them is not finite.</exception>
    public ImageView ToImage(float black, float white)
    {
        if (black == white || !float.IsFinite(white - black))
            throw new ArgumentException($"Black and white are different finite values, not {black} and {white}.", nameof(white));
        var pixels = new byte[_values.Length];
        var factor = 255 / (white - black);
        for (var i = 0; i < pixels.Length; i++)
            if (MathF.Round((Values[i] - black) * factor) is var value && !float.IsNaN(value))
                pixels[i] = (byte)Math.Clamp(value, 0, 255);
        return Gray(pixels);
    }

    /// <summary>Returns the size and the range, such as <c>640x480: 0.5 to 12.25</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}: {Min} to {Max}");

    private ImageView Gray(byte[] pixels) => new(pixels, Width, Height, PixelFormat.Gray);
}
