using System.Buffers.Binary;
using SkiaSharp;

namespace ModelBuild.Imaging.Decoding;

/// <summary>
/// Reads the chunks of a PNG file (PNG, third edition, chapter 5). The class exists because SkiaSharp neither reads the orientation in the chunk eXIf nor
/// reports that the last chunk is missing.
/// </summary>
internal static class PngChunks
{
    private const int SignatureLength = 8;
    private const int HeaderLength = 8;
    private const int ChecksumLength = 4;

    /// <summary>Returns the orientation of the picture, and whether the file contains its last chunk.</summary>
    public static (SKEncodedOrigin Origin, bool IsComplete) Read(ReadOnlySpan<byte> file)
    {
        var origin = SKEncodedOrigin.Default;
        file = file[SignatureLength..];
        while (file.Length >= HeaderLength)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file);
            var name = file.Slice(4, 4);
            file = file[HeaderLength..];
            if (length + (long)ChecksumLength > file.Length)
                break;
            if (name.SequenceEqual("IEND"u8))
                return (origin, true);
            if (name.SequenceEqual("eXIf"u8))
                origin = ExifOrientation.Read(file[..(int)length]);
            file = file[((int)length + ChecksumLength)..];
        }

        return (origin, false);
    }
}
