using System.Buffers.Binary;

namespace ModelBuild.Audio;

/// <summary>Reads the chunk <c>fmt</c> of a WAV file, which describes the samples.</summary>
internal static class WavFormatReader
{
    /// <summary>The number of bytes of the shortest chunk <c>fmt</c>.</summary>
    public const int MinBytes = 16;

    /// <summary>The largest number of bytes of the chunk <c>fmt</c> that are read, which is the length of WAVE_FORMAT_EXTENSIBLE.</summary>
    public const int MaxBytes = 40;

    private const int Extensible = 0xFFFE;

    // The last 14 bytes of the identifier of a format. They are equal for all formats: {xxxx0000-0000-1000-8000-00AA00389B71}.
    private static ReadOnlySpan<byte> SubformatEnd => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Reads the description of the samples from the chunk <c>fmt</c>.</summary>
    /// <param name="bytes">The bytes of the chunk, at least <see cref="MinBytes"/>.</param>
    /// <param name="limits">The largest number of channels and the largest sample rate.</param>
    /// <param name="path">The path of the file; null if there is none.</param>
    /// <exception cref="SoundException">The format is not supported, or its values contradict each other or exceed the limits.</exception>
    public static WavHeader Read(ReadOnlySpan<byte> bytes, SoundLimits limits, string? path)
    {
        var format = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var block = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if (format == Extensible)
        {
            if (bytes.Length < MaxBytes || !bytes[26..MaxBytes].SequenceEqual(SubformatEnd))
                throw new SoundException("Its format is WAVE_FORMAT_EXTENSIBLE with an unknown subformat.", path);
            format = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
        }

        if (channels == 0 || channels > limits.MaxChannels)
            throw new SoundException($"Its header says {channels} channels. 1 to {limits.MaxChannels} are allowed.", path);
        if (rate == 0 || rate > limits.MaxRate)
            throw new SoundException($"Its header says a sample rate of {rate} Hz. 1 to {limits.MaxRate} Hz are allowed.", path);
        var kind = format switch
        {
            1 => SampleKind.Integer,
            3 => SampleKind.Float,
            6 => SampleKind.ALaw,
            7 => SampleKind.MuLaw,
            _ => throw new SoundException(
                $"Its samples have the format {Name(format)}. PCM, IEEE float, A-law and µ-law are supported. Convert the file to PCM.",
                path
            ),
        };
        var width = block / channels;
        if (block % channels != 0 || bits == 0 || bits > 8 * width || !IsSupported(kind, width))
            throw new SoundException($"Its header says {bits} bits for each sample and {block} bytes for {channels} channels, which is not possible.", path);
        return new WavHeader((int)rate, channels, kind, width, DataBytes: null);
    }

    // Returns whether samples of this kind and number of bytes can be read. An integer with fewer bits than its bytes have is stored in the upper bits.
    private static bool IsSupported(SampleKind kind, int width) =>
        kind switch
        {
            SampleKind.Integer => width is >= 1 and <= 4,
            SampleKind.Float => width is 4 or 8,
            _ => width == 1,
        };

    private static string Name(int format) =>
        format switch
        {
            0x02 => "Microsoft ADPCM",
            0x11 => "IMA ADPCM",
            0x31 => "GSM 6.10",
            0x50 or 0x55 => "MPEG",
            0xFF or 0x1600 or 0x1610 => "AAC",
            0xF1AC => "FLAC",
            _ => $"0x{format:X4}",
        };
}
