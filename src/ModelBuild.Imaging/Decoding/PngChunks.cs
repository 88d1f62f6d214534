using System.Buffers.Binary;
using SkiaSharp;

namespace ModelBuild.Imaging.Decoding;

/// <summary>
/// Reads the chunks of a PNG file (PNG, third edition, chapter 5). SkiaSharp does not read the orientation in the chunk eXIf, and does not need the last chunk.
/// </summary>
internal static class PngChunks
{
    private const int SignatureLength = 8;
    private const int HeaderLength = 8;
    private const int ChecksumLength = 4;

    /// <summary>Returns the orientation, and whether the file has its last chunk.</summary>
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
