using System.Buffers.Binary;
using SkiaSharp;

namespace ModelBuild.Imaging.Decoding;

/// <summary>Reads the orientation of a picture from Exif data (CIPA DC-008), which has the structure of a TIFF file.</summary>
internal static class ExifOrientation
{
    private const int EntryLength = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>Returns the orientation of the picture. The result is that of an upright picture if the data has none or is damaged.</summary>
    public static SKEncodedOrigin Read(ReadOnlySpan<byte> exif)
    {
        if (exif.Length < 8)
            return SKEncodedOrigin.Default;
        var isLittleEndian = exif[0] == (byte)'I';
        var start = isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]) : BinaryPrimitives.ReadUInt32BigEndian(exif[4..]);
        if (start > exif.Length - 2)
            return SKEncodedOrigin.Default;
        var directory = exif[(int)start..];
        var count = Number(directory);
        directory = directory[2..];
        for (var i = 0; i < count && directory.Length >= EntryLength; i++, directory = directory[EntryLength..])
            if (Number(directory) == OrientationTag && Number(directory[2..]) == ShortType)
                return Number(directory[8..]) is var value and >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.Default;
        return SKEncodedOrigin.Default;

        int Number(ReadOnlySpan<byte> bytes) => isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }
}
