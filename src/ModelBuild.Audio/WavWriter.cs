using System.Buffers.Binary;

namespace ModelBuild.Audio;

/// <summary>Writes WAV files.</summary>
internal static class WavWriter
{
    private const int HeaderBytes = 44;
    private const int BufferSamples = 16_384;

    /// <summary>Writes samples as a WAV file to a stream.</summary>
    /// <exception cref="NotSupportedException">The samples have more bytes than the header of a WAV file can state.</exception>
    public static void Write(Stream stream, ReadOnlySpan<float> samples, int rate, int channels, SoundEncoding encoding)
    {
        var width = encoding == SoundEncoding.Pcm16 ? sizeof(short) : sizeof(float);
        var bytes = (long)samples.Length * width;
        if (bytes > uint.MaxValue - HeaderBytes)
            throw new NotSupportedException($"The samples have {bytes} bytes, and a WAV file has at most 4 GiB.");
        stream.Write(Header((uint)bytes, rate, channels, width, encoding == SoundEncoding.Pcm16 ? 1 : 3));
        var buffer = new byte[Math.Min(samples.Length, BufferSamples) * width];
        while (!samples.IsEmpty)
        {
            var some = samples[..Math.Min(samples.Length, BufferSamples)];
            for (var i = 0; i < some.Length; i++)
                if (encoding == SoundEncoding.Pcm16)
                    BinaryPrimitives.WriteInt16LittleEndian(buffer.AsSpan(i * width), ToInt16(some[i]));
                else
                    BinaryPrimitives.WriteSingleLittleEndian(buffer.AsSpan(i * width), some[i]);
            stream.Write(buffer, 0, some.Length * width);
            samples = samples[some.Length..];
        }
    }

    // Converts a sample of −1 to 1 to a 16-bit integer. A sample that is not a number becomes 0.
    private static short ToInt16(float sample) =>
        float.IsNaN(sample) ? (short)0 : (short)Math.Clamp(MathF.Round(sample * 32_768), short.MinValue, short.MaxValue);

    private static byte[] Header(uint bytes, int rate, int channels, int width, int format)
    {
        var header = new byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), bytes + HeaderBytes - 8);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(20), (ushort)format);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(22), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), rate);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), (uint)((long)rate * channels * width));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), (ushort)(channels * width));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(34), (ushort)(8 * width));
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), bytes);
        return header;
    }
}
