using System.Text;

namespace ModelBuild.Runtime.Sources;

/// <summary>
/// Reads <c>metadata_props</c> of a serialized model before it is loaded. Only the fields of the outermost message are read, and the graph is skipped.
/// </summary>
internal static class MetadataReader
{
    // The field numbers of ModelProto.metadata_props and of StringStringEntryProto in onnx.proto.
    private const ulong MetadataProps = 14;
    private const ulong Key = 1;
    private const ulong Value = 2;

    // The largest number of bytes of an entry that is read. The entries that this class looks for are shorter.
    private const int MaxEntryLength = 4096;

    /// <summary>
    /// Returns the value of an entry; null when there is none, or when the bytes are not a model, because ONNX Runtime reports that error when it loads the
    /// model.
    /// </summary>
    public static string? Find(Stream stream, string key)
    {
        while (TryField(stream, out var field, out var length))
        {
            if (field != MetadataProps || length > MaxEntryLength)
            {
                stream.Seek(length, SeekOrigin.Current);
                continue;
            }

            var entry = new byte[length];
            if (stream.ReadAtLeast(entry, entry.Length, throwOnEndOfStream: false) < entry.Length)
                return null;
            using var inner = new MemoryStream(entry);
            var (name, value) = ("", "");
            while (TryField(inner, out var part, out var size) && size <= inner.Length - inner.Position)
            {
                var text = Encoding.UTF8.GetString(entry, (int)inner.Position, (int)size);
                inner.Seek(size, SeekOrigin.Current);
                (name, value) =
                    part == Key ? (text, value)
                    : part == Value ? (name, text)
                    : (name, value);
            }

            if (name == key)
                return value;
        }

        return null;
    }

    /// <summary>Reads the tag and length of the next length-delimited field and skips numeric fields before it.</summary>
    private static bool TryField(Stream stream, out ulong field, out long length)
    {
        (field, length) = (0, 0);
        while (TryVarint(stream, out var tag))
        {
            field = tag >> 3;
            switch (tag & 7)
            {
                case 0:
                    TryVarint(stream, out _);
                    break;
                case 1:
                    stream.Seek(8, SeekOrigin.Current);
                    break;
                case 5:
                    stream.Seek(4, SeekOrigin.Current);
                    break;
                case 2 when TryVarint(stream, out var size) && size <= int.MaxValue:
                    length = (long)size;
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool TryVarint(Stream stream, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = stream.ReadByte();
            if (next < 0)
                return false;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }

        return false;
    }
}
