using System.Buffers.Binary;
using System.Text;

namespace ModelBuild.Protocol;

/// <summary>Converts strings from and to the binary form of the data type BYTES: the length in 4 little-endian bytes, then the text in UTF-8.</summary>
internal static class TensorStrings
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns the number of bytes of the strings in binary form.</summary>
    public static long Size(ReadOnlySpan<string> strings)
    {
        var size = 0L;
        foreach (var text in strings)
            size += sizeof(uint) + Encoding.UTF8.GetByteCount(text ?? "");
        return size;
    }

    /// <summary>Writes the strings in binary form to memory whose size is exactly right.</summary>
    public static void Write(ReadOnlySpan<string> strings, Span<byte> bytes)
    {
        foreach (var text in strings)
        {
            var length = Encoding.UTF8.GetBytes(text ?? "", bytes[sizeof(uint)..]);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)length);
            bytes = bytes[(sizeof(uint) + length)..];
        }
    }

    /// <summary>Counts the strings in the binary form; −1 when the lengths contradict the number of bytes.</summary>
    public static long Count(ReadOnlySpan<byte> bytes)
    {
        var count = 0L;
        for (; bytes.Length > 0; count++)
        {
            if (bytes.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var length && length > bytes.Length - sizeof(uint))
                return -1;
            bytes = bytes[(sizeof(uint) + (int)length)..];
        }

        return count;
    }

    /// <summary>Reads the strings of a tensor from its binary form, as many as <see cref="Count"/> found.</summary>
    /// <exception cref="FormatException">A string is not UTF-8.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, Span<string> strings)
    {
        for (var i = 0; i < strings.Length; i++)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            strings[i] = Text(bytes.Slice(sizeof(uint), length), i);
            bytes = bytes[(sizeof(uint) + length)..];
        }
    }

    /// <summary>Decodes the UTF-8 text of an element.</summary>
    /// <exception cref="FormatException">The bytes are not UTF-8.</exception>
    public static string Text(ReadOnlySpan<byte> bytes, int element)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException($"element {element} is no text in UTF-8");
        }
    }
}
