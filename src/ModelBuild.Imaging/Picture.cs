using ModelBuild.Imaging.Decoding;
using ModelBuild.Imaging.Pixels;
using ModelBuild.Runtime;

#pragma warning disable RS0026 // The overloads differ in the type of the first parameter, which is required.

namespace ModelBuild.Imaging;

/// <summary>Represents the pixels of a picture that was loaded from a picture file or copied from an image.</summary>
/// <remarks>
/// Several threads may read a picture at the same time. No other thread may use it during <see cref="Draw"/> or <see cref="Dispose"/>.
/// </remarks>
public sealed partial class Picture : IDisposable
{
    private PixelBuffer? _pixels;

    private Picture(PixelBuffer pixels) => _pixels = pixels;

    /// <summary>Gets the width of the picture in pixels.</summary>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public int Width => Pixels.Width;

    /// <summary>Gets the height of the picture in pixels.</summary>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public int Height => Pixels.Height;

    /// <summary>Gets a view of the pixels in the format <see cref="PixelFormat.Rgba"/>, without a copy. The alpha of all pixels is 255.</summary>
    /// <remarks>
    /// The view includes the changes that <see cref="Draw"/> makes. It stays valid after the picture is disposed, and keeps the memory of the pixels from being
    /// freed.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public ImageView View => Pixels.View;

    private PixelBuffer Pixels => _pixels ?? throw new ObjectDisposedException(nameof(Picture));

    /// <summary>Loads a picture from a file.</summary>
    /// <param name="path">The path of a JPEG, PNG, WebP, GIF, BMP or ICO file.</param>
    /// <param name="limits">The limits of the file; those of <c>new PictureLimits()</c> by default.</param>
    /// <returns>The upright picture: the first frame of an animation, and the largest picture of an icon. Transparent parts are drawn on white.</returns>
    /// <exception cref="PictureException">The file is not a picture that can be read, is damaged or truncated, or exceeds the limits.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The path is a folder, or the file may not be read.</exception>
    public static Picture Load(string path, PictureLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // The stream needs no buffer, because the whole file is read into one array.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return Load(stream, limits ?? PictureLimits.Default, new FileFault($"'{path}'"));
    }

    /// <summary>Loads a picture from a stream, which is read from its position to its end and stays open.</summary>
    /// <param name="stream">The stream. It need not be able to seek.</param>
    /// <param name="limits">The limits of the file; those of <c>new PictureLimits()</c> by default.</param>
    /// <returns>The upright picture: the first frame of an animation, and the largest picture of an icon. Transparent parts are drawn on white.</returns>
    /// <exception cref="PictureException">The data is not a picture that can be read, is damaged or truncated, or exceeds the limits.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Picture Load(Stream stream, PictureLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Load(stream, limits ?? PictureLimits.Default, new FileFault("The data"));
    }

    /// <summary>Loads a picture from the bytes of a file.</summary>
    /// <param name="file">The bytes, which are not copied, and are not used after this method returns.</param>
    /// <param name="limits">The limits of the file; those of <c>new PictureLimits()</c> by default.</param>
    /// <returns>The upright picture: the first frame of an animation, and the largest picture of an icon. Transparent parts are drawn on white.</returns>
    /// <exception cref="PictureException">The data is not a picture that can be read, is damaged or truncated, or exceeds the limits.</exception>
    public static Picture Load(ReadOnlyMemory<byte> file, PictureLimits? limits = null) =>
        new(PictureDecoder.Decode(file, limits ?? PictureLimits.Default, new FileFault("The data")));

    /// <summary>Creates a picture with a copy of the pixels of an image.</summary>
    /// <param name="image">
    /// An image in any format. Floats from 0 to 1 become 0 to 255, and values outside of this range are limited to it. Alpha is ignored.
    /// </param>
    /// <returns>The picture.</returns>
    /// <exception cref="ArgumentException"><paramref name="image"/> is the default value of its type, or has more than 2 GB of pixels.</exception>
    public static Picture FromView(ImageView image) => new(PixelCopy.Of(image));

    /// <summary>Copies a rectangle of the picture, such as the box of an object.</summary>
    /// <param name="box">The rectangle in pixels. Pixels that it covers in part belong to it, and its parts outside of the picture do not.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentException"><paramref name="box"/> covers no pixel of the picture.</exception>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public Picture Crop(ImageBox box)
    {
        var left = MathF.Max(0, MathF.Floor(box.Left));
        var top = MathF.Max(0, MathF.Floor(box.Top));
        var right = MathF.Min(Width, MathF.Ceiling(box.Right));
        var bottom = MathF.Min(Height, MathF.Ceiling(box.Bottom));
        if (!(left < right && top < bottom))
            throw new ArgumentException($"{box} covers no pixel of a picture of {Width}x{Height} pixels.", nameof(box));
        return new Picture(PixelCopy.Part(Pixels, (int)left, (int)top, (int)(right - left), (int)(bottom - top)));
    }

    /// <summary>Releases the reference to the pixels. Afterwards the members of the picture throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _pixels = null;

    /// <summary>Returns the size and the pixel format, such as <c>640x480 Rgba</c>.</summary>
    public override string ToString() => _pixels?.View.ToString() ?? nameof(Picture);

    /// <summary>Returns <see cref="View"/>, so that a picture can be the argument of a method that takes an image.</summary>
    /// <param name="picture">The picture.</param>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public static implicit operator ImageView(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return picture.View;
    }

    private static Picture Load(Stream stream, PictureLimits limits, FileFault fault) =>
        new(PictureDecoder.Decode(FileReader.ReadToEnd(stream, limits.MaxBytes, fault), limits, fault));
}
