using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.SafeTensors;

/// <summary>
/// Writes the safetensors format: eight bytes with the length of the header, the header as JSON, and the bytes of the tensors without gaps. Tensors with larger
/// elements come first, so that every tensor is aligned. Equal documents give equal bytes.
/// </summary>
internal static class SafeTensorsWriter
{
    /// <summary>The entry of the header that has the texts and not a tensor.</summary>
    internal const string MetadataName = "__metadata__";

    private const int Alignment = 8;

    /// <summary>Writes a safetensors document to a stream.</summary>
    /// <exception cref="ArgumentException">A tensor has a name that another entry has, a type that the format lacks, or another number of bytes.</exception>
    public static void Write(Stream stream, SafeTensorsDocument document)
    {
        SafeTensor[] tensors =
        [
            .. document.Tensors.OrderByDescending(tensor => DataTypes.Bits(tensor.Type)).ThenBy(tensor => tensor.Name, StringComparer.Ordinal),
        ];
        Check(tensors);
        var header = Header(document.Metadata, tensors);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in tensors)
            stream.Write(tensor.Bytes.Span);
    }

    private static void Check(SafeTensor[] tensors)
    {
        var names = new HashSet<string>([MetadataName], StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"Two entries have the name '{tensor.Name}'.", nameof(tensors));
            if (SafeTensorTypes.Name(tensor.Type) is null)
                throw new ArgumentException($"The format has no type for {tensor.Type} of '{tensor.Name}'.", nameof(tensors));
            if (SafeTensor.Size(tensor.Type, tensor.Shape) != tensor.Bytes.Length)
                throw new ArgumentException($"'{tensor.Name}' has {tensor.Bytes.Length} bytes, and its shape needs another number.", nameof(tensors));
        }
    }

    private static byte[] Header(IReadOnlyDictionary<string, string> metadata, SafeTensor[] tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
                WriteMetadata(json, metadata);
            var offset = 0L;
            foreach (var tensor in tensors)
                WriteTensor(json, tensor, ref offset);
            json.WriteEndObject();
        }

        // The header is padded with spaces, so that the data is aligned.
        var padding = (Alignment - buffer.WrittenCount % Alignment) % Alignment;
        return [.. buffer.WrittenSpan, .. Enumerable.Repeat((byte)' ', padding)];
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(MetadataName);
        foreach (var (name, text) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(name, text);
        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, SafeTensor tensor, ref long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", SafeTensorTypes.Name(tensor.Type));
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset += tensor.Bytes.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
