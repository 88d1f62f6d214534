namespace ModelBuild.Text.Native;

/// <summary>Maps the printable characters of byte-level tokens to the bytes that they stand for (Radford et al. 2019).</summary>
internal static class ByteAlphabet
{
    private const int Size = 0x144;

    private static readonly short[] Bytes = Create();

    /// <summary>Returns the byte that a character stands for. Returns -1 if it stands for none.</summary>
    public static int ByteOf(char character) => character < Size ? Bytes[character] : -1;

    /// <summary>
    /// Creates the table of bytes by character. Printable bytes are represented by the character with their own number, and the others by the characters from
    /// U+0100 on.
    /// </summary>
    private static short[] Create()
    {
        var bytes = new short[Size];
        Array.Fill(bytes, (short)-1);
        var others = 0x100;
        for (short value = 0; value < 0x100; value++)
        {
            var isPrintable = value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            bytes[isPrintable ? value : others++] = value;
        }

        return bytes;
    }
}
