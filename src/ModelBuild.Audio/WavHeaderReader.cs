using System.Buffers.Binary;

namespace ModelBuild.Audio;

/// <summary>
/// Reads a WAV file up to its samples: RIFF, and for more than 4 GiB RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088). A file is a list of chunks, each with a name
/// of four letters and a size in bytes. The reader uses those with the format, the samples and the sizes of large files, and ignores all others.
/// </summary>
/// <param name="stream">The file.</param>
/// <param name="limits">The largest number of channels and the largest sample rate.</param>
/// <param name="path">The path of the file; null if there is none.</param>
internal sealed class WavHeaderReader(Stream stream, SoundLimits limits, string? path)
{
    private const int FileHeaderBytes = 12;
    private const int ChunkHeaderBytes = 8;
    private const int LargeSizesBytes = 24;

    /// <summary>The size in the header of a file whose program could not go back to the header to write the real size.</summary>
    private const uint Unknown = 0xFFFF_FFFF;

    /// <summary>The size that the program SoX writes when it cannot go back to the header to write the real size.</summary>
    private const uint UnknownOfSox = 0x7FFF_F000;

    private readonly byte[] _buffer = new byte[WavFormatReader.MaxBytes];
    private long _position;
    private WavHeader? _format;
    private long? _largeDataBytes;

    /// <summary>Reads the header of the file. Afterwards the stream is at the first sample.</summary>
    /// <exception cref="SoundException">The file is not a WAV file, or its header is damaged.</exception>
    public WavHeader Read()
    {
        var fileBytes = ReadFileHeader(out var isLarge);
        while (true)
        {
            var chunk = ReadSome(ChunkHeaderBytes);
            if (chunk.Length < ChunkHeaderBytes)
                throw new SoundException(
                    _format is null ? "It ends before the chunk 'fmt ', which describes the samples." : "It has no samples: the chunk 'data' is missing.",
                    path
                );
            var bytes = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("data"u8))
                return (_format ?? throw new SoundException("Its samples come before the chunk 'fmt ', which describes them.", path)) with
                {
                    DataBytes = DataBytes(bytes, fileBytes),
                };
            if (chunk.StartsWith("fmt "u8))
                ReadFormat(bytes);
            else if (chunk.StartsWith("ds64"u8) && isLarge)
                ReadLargeSizes(bytes);
            else
                Skip(Padded(bytes));
        }
    }

    private uint ReadFileHeader(out bool isLarge)
    {
        var header = ReadSome(FileHeaderBytes);
        if (header.IsEmpty)
            throw new SoundException("It is empty.", path);
        isLarge = header.StartsWith("RF64"u8) || header.StartsWith("BW64"u8);
        if (header.Length == FileHeaderBytes && (isLarge || header.StartsWith("RIFF"u8)) && header[8..].SequenceEqual("WAVE"u8))
            return BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        throw new SoundException(
            FileKind.Name(header) is { } kind
                ? $"It is not a supported WAV file but {kind}."
                : "It is not a WAV file: it does not start with 'RIFF' and 'WAVE'.",
            path
        );
    }

    private void ReadFormat(uint bytes)
    {
        if (bytes < WavFormatReader.MinBytes)
            throw new SoundException($"Its chunk 'fmt ' has {bytes} bytes, and {WavFormatReader.MinBytes} are needed.", path);
        var known = ReadAll((int)Math.Min(bytes, WavFormatReader.MaxBytes));
        _format = WavFormatReader.Read(known, limits, path);
        Skip(Padded(bytes) - known.Length);
    }

    private void ReadLargeSizes(uint bytes)
    {
        if (bytes < LargeSizesBytes)
            throw new SoundException($"Its chunk 'ds64' has {bytes} bytes, and {LargeSizesBytes} are needed.", path);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(ReadAll(LargeSizesBytes)[8..]);
        _largeDataBytes = size <= long.MaxValue ? (long)size : throw new SoundException($"Its header says {size} bytes of samples.", path);
        Skip(Padded(bytes) - LargeSizesBytes);
    }

    // Returns the number of bytes of the samples, or null if it is unknown. A program that writes to a pipe leaves the sizes at 0, or at a number that stands
    // for an unknown size.
    private long? DataBytes(uint bytes, uint fileBytes) =>
        bytes == Unknown ? _largeDataBytes
        : bytes == UnknownOfSox ? null
        : bytes == 0 && (fileBytes is 0 or Unknown || fileBytes + 8L <= _position) ? null
        : bytes;

    private void Skip(long bytes)
    {
        _position += bytes;
        if (stream.CanSeek)
        {
            if (bytes > stream.Length - stream.Position)
                throw Truncated();
            stream.Position += bytes;
            return;
        }

        for (var left = bytes; left > 0; )
        {
            var read = stream.Read(_buffer, 0, (int)Math.Min(left, _buffer.Length));
            left -= read > 0 ? read : throw Truncated();
        }
    }

    private ReadOnlySpan<byte> ReadAll(int bytes)
    {
        var some = ReadSome(bytes);
        return some.Length == bytes ? some : throw Truncated();
    }

    private ReadOnlySpan<byte> ReadSome(int bytes)
    {
        var read = stream.ReadAtLeast(_buffer.AsSpan(0, bytes), bytes, throwOnEndOfStream: false);
        _position += read;
        return _buffer.AsSpan(0, read);
    }

    private SoundException Truncated() => new("It is truncated: it ends inside of its header.", path);

    // Returns the size of a chunk with its padding. A chunk of an odd size is followed by one byte of padding.
    private static long Padded(uint bytes) => bytes + (long)(bytes % 2);
}
