using System.Runtime.InteropServices;

namespace ModelBuild.Runtime;

/// <summary>
/// Represents an image as pixels in memory that another object owns: an array, or the buffer of an image library. The pixels are not copied. Rows go from top
/// to bottom, and pixels from left to right.
/// </summary>
/// <remarks>
/// <c>new ImageView(bytes, 640, 480, PixelFormat.Bgra)</c> is an image of SkiaSharp; <c>new ImageView(bytes, 640, 480, PixelFormat.Bgr, step)</c> is
/// an image of OpenCV, whose rows start <c>step</c> bytes apart. The alpha of <see cref="PixelFormat.Rgba"/> and <see cref="PixelFormat.Bgra"/> is
/// ignored: an image with transparent parts is drawn on a background before.
/// </remarks>
public readonly struct ImageView
{
    private const int MaxSide = 1 << 20;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<float> _floats;

    /// <summary>Initializes a new instance of the <see cref="ImageView"/> struct for an image whose rows follow each other without gaps.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="width">The number of columns, from 1 to 1,048,576.</param>
    /// <param name="height">The number of rows, from 1 to 1,048,576.</param>
    /// <param name="format">The format of a pixel.</param>
    /// <exception cref="ArgumentException">A side is out of range, the format is unknown, or <paramref name="pixels"/> is too short for the size.</exception>
    public ImageView(ReadOnlyMemory<byte> pixels, int width, int height, PixelFormat format)
        : this(width, height, format, null, pixels.Length) => _bytes = pixels;

    /// <summary>Initializes a new instance of the <see cref="ImageView"/> struct for an image whose rows start a given number of bytes apart.</summary>
    /// <param name="pixels">The pixels. The last row may end with its last pixel.</param>
    /// <param name="width">The number of columns, from 1 to 1,048,576.</param>
    /// <param name="height">The number of rows, from 1 to 1,048,576.</param>
    /// <param name="format">The format of a pixel.</param>
    /// <param name="stride">The number of bytes from the start of a row to the start of the next row.</param>
    /// <exception cref="ArgumentException">
    /// A side is out of range, the format is unknown, <paramref name="stride"/> is less than the bytes of a row, or <paramref name="pixels"/> is too short for
    /// the size.
    /// </exception>
    public ImageView(ReadOnlyMemory<byte> pixels, int width, int height, PixelFormat format, int stride)
        : this(width, height, format, stride, pixels.Length) => _bytes = pixels;

    /// <summary>
    /// Initializes a new instance of the <see cref="ImageView"/> struct for an image of floats from 0 to 1 whose rows follow each other without gaps.
    /// </summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="width">The number of columns, from 1 to 1,048,576.</param>
    /// <param name="height">The number of rows, from 1 to 1,048,576.</param>
    /// <param name="format"><see cref="PixelFormat.RgbFloat"/> or <see cref="PixelFormat.GrayFloat"/>.</param>
    /// <exception cref="ArgumentException">
    /// A side is out of range, the format is not one of floats, or <paramref name="pixels"/> is too short for the size.
    /// </exception>
    public ImageView(ReadOnlyMemory<float> pixels, int width, int height, PixelFormat format)
        : this(width, height, format, null, (long)pixels.Length * sizeof(float))
    {
        if (!IsFloat)
            throw new ArgumentException($"The pixels are floats, and the format {format} is one of bytes.", nameof(format));
        _floats = pixels;
    }

    private ImageView(int width, int height, PixelFormat format, int? stride, long length)
    {
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide)
            throw new ArgumentException($"An image has a width and a height of 1 to {MaxSide} pixels, not {width}x{height}.");
        var row = (long)width * BytesPerPixel(format);
        var step = stride ?? row;
        if (step < row)
            throw new ArgumentException(
                $"A row of {width} pixels in the format {format} has {row} bytes; the stride of {stride} bytes is less.",
                nameof(stride)
            );
        var needed = ((height - 1) * step) + row;
        if (length < needed)
            throw new ArgumentException(
                $"An image of {width}x{height} pixels in the format {format} with rows of {step} bytes has {needed} bytes; the pixels have {length}."
            );
        Width = width;
        Height = height;
        Format = format;
        Stride = (int)step;
    }

    /// <summary>Gets the number of columns; 0 for the default value of the type, which is not an image.</summary>
    public int Width { get; }

    /// <summary>Gets the number of rows; 0 for the default value of the type, which is not an image.</summary>
    public int Height { get; }

    /// <summary>Gets the number of bytes from the start of a row to the start of the next row.</summary>
    public int Stride { get; }

    /// <summary>Gets the format in which a pixel is stored.</summary>
    public PixelFormat Format { get; }

    /// <summary>Gets the bytes of all rows, with the gaps between them.</summary>
    public ReadOnlySpan<byte> Pixels => _floats.IsEmpty ? _bytes.Span : MemoryMarshal.AsBytes(_floats.Span);

    internal bool IsFloat => Format is PixelFormat.RgbFloat or PixelFormat.GrayFloat;

    /// <summary>Gets the bytes of one row without the gap after it.</summary>
    /// <param name="y">The zero-based index of the row.</param>
    /// <returns>The bytes of the row.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="y"/> is negative, or not less than <see cref="Height"/>.</exception>
    public ReadOnlySpan<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return Pixels.Slice(y * Stride, Width * BytesPerPixel(Format));
    }

    /// <summary>Returns the size and the format, such as <c>640x480 Rgb</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Width}x{Height} {Format}");

    internal static int BytesPerPixel(PixelFormat format) =>
        format switch
        {
            PixelFormat.Rgb or PixelFormat.Bgr => 3,
            PixelFormat.Rgba or PixelFormat.Bgra => 4,
            PixelFormat.Gray => 1,
            PixelFormat.RgbFloat => 3 * sizeof(float),
            PixelFormat.GrayFloat => sizeof(float),
            _ => throw new ArgumentException($"The pixel format {(int)format} is unknown.", nameof(format)),
        };
}
