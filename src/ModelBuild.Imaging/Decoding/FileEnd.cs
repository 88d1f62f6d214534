using System.Buffers.Binary;
using SkiaSharp;

namespace ModelBuild.Imaging.Decoding;

/// <summary>
/// Checks that a picture file is as long as its header states. The check is needed because SkiaSharp decodes some truncated files without an error.
/// </summary>
internal static class FileEnd
{
    private const int RiffHeaderLength = 8;
    private const int IconHeaderLength = 6;
    private const int IconEntryLength = 16;

    /// <summary>
    /// Returns whether the file has all bytes that its header states. BMP and GIF files are not checked here, because decoding them finds missing bytes.
    /// </summary>
    public static bool IsThere(ReadOnlySpan<byte> file, SKEncodedImageFormat format) =>
        format switch
        {
            SKEncodedImageFormat.Jpeg => JpegScans.Read(file).IsComplete,
            SKEncodedImageFormat.Png => PngChunks.Read(file).IsComplete,
            SKEncodedImageFormat.Webp => RiffHeaderLength + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) <= file.Length,
            SKEncodedImageFormat.Ico => HasAllIcons(file),
            _ => true,
        };

    // Each entry of an icon file has the length and the position of a picture in its last eight bytes.
    private static bool HasAllIcons(ReadOnlySpan<byte> file)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(file[4..]);
        var entries = file[IconHeaderLength..];
        for (var i = 0; i < count; i++, entries = entries[IconEntryLength..])
            if (
                entries.Length < IconEntryLength
                || BinaryPrimitives.ReadUInt32LittleEndian(entries[8..]) + (long)BinaryPrimitives.ReadUInt32LittleEndian(entries[12..]) > file.Length
            )
                return false;
        return true;
    }
}
