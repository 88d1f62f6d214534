using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace ModelBuild.Compression.Training.SafeTensors;

/// <summary>Reads the safetensors format. A file that breaks a rule of the format is refused before any tensor is read.</summary>
internal static class SafeTensorsReader
{
    // The largest header in bytes that the library of the format allows. A larger length means that the file is damaged.
    private const ulong MaxHeaderBytes = 100_000_000;
    private const int LengthBytes = sizeof(ulong);

    /// <summary>Reads a safetensors file.</summary>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafeTensorsDocument Read(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        if (length < LengthBytes)
            throw new InvalidDataException($"it has {length} bytes, and the length of its header takes {LengthBytes}");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(Read(file, 0, LengthBytes));
        if (headerLength > MaxHeaderBytes)
            throw new InvalidDataException($"its header would have {headerLength} bytes, which is more than the format allows");
        var data = LengthBytes + (long)headerLength;
        if (data > length)
            throw new InvalidDataException($"its header has {headerLength} bytes, and the file ends after {length - LengthBytes} of them");
        var header = SafeTensorsHeader.Parse(Read(file, LengthBytes, (long)headerLength), length - data);
        return new SafeTensorsDocument(
            header.Metadata,
            [.. header.Entries.Select(entry => new SafeTensor(entry.Name, entry.Type, entry.Shape, Read(file, data + entry.Begin, entry.End - entry.Begin)))]
        );
    }

    private static byte[] Read(SafeFileHandle file, long offset, long count)
    {
        if (count > Array.MaxLength)
            throw new InvalidDataException($"it has a tensor of {count} bytes, and a model cannot have such a tensor");
        var bytes = new byte[count];
        for (var done = 0; done < bytes.Length; )
            done += RandomAccess.Read(file, bytes.AsSpan(done), offset + done) is > 0 and var read ? read : throw new InvalidDataException("it is truncated");
        return bytes;
    }
}
