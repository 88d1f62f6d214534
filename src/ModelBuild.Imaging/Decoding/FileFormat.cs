namespace ModelBuild.Imaging.Decoding;

/// <summary>Recognizes the formats of picture files by the first bytes. A file whose format is not recognized is not passed to SkiaSharp.</summary>
internal static class FileFormat
{
    /// <summary>The names of the formats that can be read, for messages.</summary>
    public const string Readable = "JPEG, PNG, WebP, GIF, BMP and ICO";

    /// <summary>Returns the name of the file's format if it can be read, and null otherwise.</summary>
    public static string? NameOf(ReadOnlySpan<byte> file) =>
        file switch
        {
            [0xFF, 0xD8, 0xFF, ..] => "JPEG",
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "PNG",
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "GIF",
            [(byte)'B', (byte)'M', ..] => "BMP",
            // The second number of the header is 1 for an icon and 2 for a cursor.
            [0, 0, 1 or 2, 0, ..] => "ICO",
            _ => HasAt(file, 0, "RIFF"u8) && HasAt(file, 8, "WEBP"u8) ? "WebP" : null,
        };

    /// <summary>Returns the name of the file's format if it is recognized but cannot be read, and null otherwise.</summary>
    public static string? NameOfForeign(ReadOnlySpan<byte> file)
    {
        if (HasAt(file, 0, "II*\0"u8) || HasAt(file, 0, "MM\0*"u8))
            return "TIFF";
        if (!HasAt(file, 4, "ftyp"u8))
            return null;
        if (HasAt(file, 8, "avif"u8) || HasAt(file, 8, "avis"u8))
            return "AVIF";
        return HasAt(file, 8, "he"u8) || HasAt(file, 8, "mif1"u8) || HasAt(file, 8, "msf1"u8) ? "HEIF" : null;
    }

    private static bool HasAt(ReadOnlySpan<byte> file, int offset, ReadOnlySpan<byte> text) =>
        file.Length >= offset + text.Length && file.Slice(offset, text.Length).SequenceEqual(text);
}
