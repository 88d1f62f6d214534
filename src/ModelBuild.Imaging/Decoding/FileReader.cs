namespace ModelBuild.Imaging.Decoding;

/// <summary>Reads the bytes of a file up to a limit.</summary>
internal static class FileReader
{
    private const int FirstLength = 1 << 16;

    /// <summary>Reads a stream from its position to its end.</summary>
    /// <exception cref="PictureException">The stream has more bytes than the limit.</exception>
    public static ReadOnlyMemory<byte> ReadToEnd(Stream stream, int maxBytes, FileFault fault)
    {
        var expected = stream.CanSeek ? stream.Length - stream.Position : FirstLength;
        if (stream.CanSeek && expected > maxBytes)
            throw fault.TooManyBytes(maxBytes);
        // The buffer has one byte more than expected, so that the end of the stream is found without a larger buffer.
        var buffer = new byte[Math.Clamp(expected, 0, maxBytes) + 1];
        var count = 0;
        while (true)
        {
            count += stream.ReadAtLeast(buffer.AsSpan(count), buffer.Length - count, throwOnEndOfStream: false);
            if (count > maxBytes)
                throw fault.TooManyBytes(maxBytes);
            if (count < buffer.Length)
                return buffer.AsMemory(0, count);
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, maxBytes + 1L));
        }
    }
}
