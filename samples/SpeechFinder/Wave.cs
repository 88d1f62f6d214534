using System.Buffers.Binary;

namespace SpeechFinder;

/// <summary>Reads sound as the input of the model: chunks of 512 samples in −1…1, each preceded by the last 64 samples of the previous chunk.</summary>
internal static class Wave
{
    public const int Rate = 16000;
    public const double ChunkSeconds = (double)Chunk / Rate;

    private const int Chunk = 512;
    private const int Context = 64;

    /// <exception cref="InvalidDataException">The file is not a WAVE file with one channel, 16 bits and 16 kHz.</exception>
    public static IEnumerable<float[]> Chunks(string path)
    {
        using var stream = File.OpenRead(path);
        FindSamples(stream, path);
        var (bytes, window) = (new byte[2 * Chunk], new float[Context + Chunk]);
        while (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length)
        {
            window.AsSpan(Chunk, Context).CopyTo(window);
            for (var i = 0; i < Chunk; i++)
                window[Context + i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * i)) / 32768f;
            yield return window;
        }
    }

    // A RIFF file is a list of chunks, each with a name of four letters and a length.
    private static void FindSamples(FileStream stream, string path)
    {
        var head = new byte[12];
        stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (!head.AsSpan(0, 4).SequenceEqual("RIFF"u8) || !head.AsSpan(8, 4).SequenceEqual("WAVE"u8))
            throw new InvalidDataException($"{path} is not a WAVE file.");
        var part = new byte[8];
        while (stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) == part.Length)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(part.AsSpan(4));
            if (part.AsSpan(0, 4).SequenceEqual("data"u8))
                return;
            var content = new byte[length + (length % 2)];
            stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (
                part.AsSpan(0, 4).SequenceEqual("fmt "u8)
                && (content[0], content[2], BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(4)), content[14]) != (1, 1, Rate, 16)
            )
                throw new InvalidDataException($"{path} must have one channel with 16 bits a sample at {Rate} Hz.");
        }

        throw new InvalidDataException($"{path} has no samples.");
    }
}
