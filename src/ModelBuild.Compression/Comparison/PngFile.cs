using System.Buffers.Binary;
using System.IO.Compression;

namespace ModelBuild.Compression.Comparison;

/// <summary>Writes images in PNG format (ISO/IEC 15948) with 8 bits for each of red, green and blue.</summary>
internal static class PngFile
{
    private const int Channels = 3;
    private const byte BitsPerChannel = 8;
    private const byte TrueColour = 2;
    private const uint CrcPolynomial = 0xEDB88320;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Returns the bytes of a PNG file with an image.</summary>
    /// <param name="pixels">The pixels in rows from the top, with the bytes of red, green and blue.</param>
    /// <param name="width">The number of pixels of a row.</param>
    /// <param name="height">The number of rows.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (BitsPerChannel, TrueColour);
        Chunk(file, "IHDR"u8, header);
        using (var data = new MemoryStream())
        {
            using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
                for (var y = 0; y < height; y++)
                {
                    // In a PNG file, each row of pixels starts with the number of its filter, which is 0 for no filter.
                    zlib.WriteByte(0);
                    zlib.Write(pixels.Slice(y * width * Channels, width * Channels));
                }

            Chunk(file, "IDAT"u8, data.ToArray());
        }

        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ CrcPolynomial;
        }

        return crc;
    }
}
