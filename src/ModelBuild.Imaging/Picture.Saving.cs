using ModelBuild.Imaging.Encoding;

#pragma warning disable RS0026 // The overloads differ in the type of the first parameter, which is required.

namespace ModelBuild.Imaging;

/// <content>Contains the methods that save a picture as a file.</content>
public sealed partial class Picture
{
    private const int DefaultQuality = 90;

    /// <summary>Saves the picture as a file. If the file already exists, it is replaced.</summary>
    /// <param name="path">The path. Its extension chooses the format: .png, .jpg, .jpeg or .webp.</param>
    /// <param name="quality">The quality of JPEG and WebP, from 1 for the smallest file to 100 for the best picture. PNG is without loss.</param>
    /// <exception cref="ArgumentException">The extension names none of the formats.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is less than 1 or more than 100.</exception>
    /// <exception cref="PictureException">A side of the picture is too long for the format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public void Save(string path, int quality = DefaultQuality)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // The picture is encoded before the file is opened, so that an existing file stays unchanged if the encoding fails.
        using var data = PictureEncoder.Encode(Pixels, PictureEncoder.FormatOf(path), quality);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        stream.Write(data.AsSpan());
    }

    /// <summary>Writes the picture to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="format">The format.</param>
    /// <param name="quality">The quality of JPEG and WebP, from 1 for the smallest file to 100 for the best picture. PNG is without loss.</param>
    /// <exception cref="ArgumentException"><paramref name="format"/> is unknown.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is less than 1 or more than 100.</exception>
    /// <exception cref="PictureException">A side of the picture is too long for the format.</exception>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public void Save(Stream stream, PictureFormat format, int quality = DefaultQuality)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var data = PictureEncoder.Encode(Pixels, format, quality);
        stream.Write(data.AsSpan());
    }
}
