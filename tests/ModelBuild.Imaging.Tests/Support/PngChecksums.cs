using System.Buffers.Binary;

namespace ModelBuild.Imaging.Tests.Support;

/// <summary>Computes the checksums of PNG chunks, without which a decoder refuses a changed file early.</summary>
internal static class PngChecksums
{
    private const int SignatureLength = 8;

    public static void Repair(byte[] file)
    {
        for (var start = SignatureLength; start + 12 <= file.Length; )
        {
            var end = start + 8L + BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(start));
            if (end + 4 > file.Length)
                return;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)end), Crc32(file.AsSpan((start + 4)..(int)end)));
            start = (int)end + 4;
        }
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }

        return ~crc;
    }
}
