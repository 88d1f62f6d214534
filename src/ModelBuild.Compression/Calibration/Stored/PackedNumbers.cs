using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>
/// Encodes lists of numbers as base64 text. Counts are written as variable-length integers (seven bits per byte, low bits first, the eighth bit set while
/// more bytes follow) and compressed with deflate (RFC 1951), because most counts are small or zero. Floats are IEEE 754 float32, little-endian.
/// </summary>
internal static class PackedNumbers
{
    public static string Pack(long[] counts)
    {
        using var packed = new MemoryStream();
        using (var writer = new BinaryWriter(new DeflateStream(packed, CompressionLevel.SmallestSize)))
            foreach (var count in counts)
                writer.Write7BitEncodedInt64(count);
        return Convert.ToBase64String(packed.ToArray());
    }

    public static string Pack(float[] values) => Convert.ToBase64String(MemoryMarshal.AsBytes<float>(values));

    /// <exception cref="InvalidDataException">The text is damaged, or does not hold <paramref name="number"/> counts.</exception>
    public static long[] UnpackCounts(string text, int number)
    {
        try
        {
            using var reader = new BinaryReader(new DeflateStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress));
            var counts = new long[number];
            for (var i = 0; i < number; i++)
                counts[i] = reader.Read7BitEncodedInt64() is >= 0 and var count ? count : throw new InvalidDataException("a count is negative");
            return counts;
        }
        catch (Exception exception) when (exception is FormatException or EndOfStreamException)
        {
            throw new InvalidDataException($"a histogram is damaged: {exception.Message}", exception);
        }
    }

    /// <exception cref="InvalidDataException">The text is damaged.</exception>
    public static float[] UnpackFloats(string text)
    {
        try
        {
            return MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(text)).ToArray();
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"a channel list is damaged: {exception.Message}", exception);
        }
    }
}
