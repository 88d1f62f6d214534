using System.Buffers.Binary;
using System.Text;

namespace ModelBuild.Audio.Tests;

/// <summary>Builds the bytes of WAV files, right ones and wrong ones.</summary>
internal static class WavBytes
{
    public const int Pcm = 1;
    public const int Float = 3;
    public const int ALaw = 6;
    public const int MuLaw = 7;

    /// <summary>A file of chunks.</summary>
    public static byte[] File(params byte[][] chunks) => Named("RIFF", null, chunks);

    /// <summary>A file of chunks with another name, or with another size in its header.</summary>
    public static byte[] Named(string name, uint? size, params byte[][] chunks)
    {
        byte[] content = [.. chunks.SelectMany(chunk => chunk)];
        return [.. Encoding.ASCII.GetBytes(name), .. UInt32(size ?? (uint)content.Length + 4), .. "WAVE"u8, .. content];
    }

    /// <summary>A chunk, with its padding; <paramref name="size"/> is what its header says in place of its length.</summary>
    public static byte[] Chunk(string name, byte[] content, uint? size = null) =>
        [.. Encoding.ASCII.GetBytes(name), .. UInt32(size ?? (uint)content.Length), .. content, .. new byte[content.Length % 2]];

    public static byte[] Format(int format, int channels, uint rate, int bits, int? block = null) =>
        Chunk("fmt ", FormatContent(format, channels, rate, bits, block));

    public static byte[] ExtensibleFormat(int format, int channels, uint rate, int bits, int validBits) =>
        Chunk(
            "fmt ",
            [
                .. FormatContent(0xFFFE, channels, rate, bits, null),
                .. UInt16(22),
                .. UInt16(validBits),
                .. UInt32(3),
                .. UInt16(format),
                .. (byte[])[0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71],
            ]
        );

    public static byte[] Data(params byte[] samples) => Chunk("data", samples);

    /// <summary>Samples of 16 bits.</summary>
    public static byte[] Shorts(params short[] samples) => [.. samples.SelectMany(sample => UInt16(sample & 0xFFFF))];

    public static byte[] UInt16(int value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] UInt64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] FormatContent(int format, int channels, uint rate, int bits, int? block)
    {
        var bytes = block ?? channels * ((bits + 7) / 8);
        return [.. UInt16(format), .. UInt16(channels), .. UInt32(rate), .. UInt32(rate * (uint)bytes), .. UInt16(bytes), .. UInt16(bits)];
    }
}
