using System.Text;
using System.Text.Json;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.SafeTensors;

/// <summary>The header of a safetensors file: the texts, and the places of the tensors in the data, in the order of the data.</summary>
/// <param name="Metadata">Texts by name.</param>
/// <param name="Entries">The places of the tensors. They cover the data without gaps and overlaps.</param>
internal sealed record SafeTensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafeTensorEntry> Entries)
{
    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Parses the header of a file from its JSON.</summary>
    /// <param name="json">The bytes of the header.</param>
    /// <param name="dataLength">The number of bytes after the header.</param>
    /// <exception cref="InvalidDataException">The header breaks a rule of the format, or does not fit the data.</exception>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        if (json is not [(byte)'{', ..])
            throw new InvalidDataException("its header is not a JSON object");
        try
        {
            using var document = JsonDocument.Parse(_utf8.GetString(json), _strict);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var entries = new List<SafeTensorEntry>();
            foreach (var property in document.RootElement.EnumerateObject())
                if (property.Name == SafeTensorsWriter.MetadataName)
                    foreach (var text in property.Value.EnumerateObject())
                        metadata.Add(text.Name, text.Value.GetString() ?? throw new InvalidDataException($"its metadata '{text.Name}' is not a text"));
                else
                    entries.Add(ParseEntry(property.Name, property.Value));
            return new SafeTensorsHeader(metadata, Ordered(entries, dataLength));
        }
        // JsonElement throws InvalidOperationException for elements of another kind and for texts with invalid UTF-16.
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new InvalidDataException($"its header is damaged: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static SafeTensorEntry ParseEntry(string name, JsonElement value)
    {
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        foreach (var field in value.EnumerateObject())
            switch (field.Name)
            {
                case "dtype":
                    type = field.Value.GetString();
                    break;
                case "shape":
                    shape = Numbers(name, field.Value);
                    break;
                case "data_offsets":
                    offsets = Numbers(name, field.Value);
                    break;
                default:
                    throw new InvalidDataException($"the tensor '{name}' has an unknown field '{field.Name}'");
            }

        if (type is null || shape is null || offsets is not [var begin, var end])
            throw new InvalidDataException($"the tensor '{name}' lacks its dtype, its shape or its two data_offsets");
        if (SafeTensorTypes.Type(type) is var known && known == DataType.Undefined)
            throw new InvalidDataException($"the tensor '{name}' has the element type '{type}', which is not supported");
        if (end < begin || end - begin != SafeTensor.Size(known, shape))
            throw new InvalidDataException($"the tensor '{name}' of {type} and shape [{string.Join(", ", shape)}] does not have the bytes {begin} to {end}");
        return new SafeTensorEntry(name, known, shape, begin, end);
    }

    private static long[] Numbers(string name, JsonElement value)
    {
        var numbers = new long[value.GetArrayLength()];
        foreach (var (i, element) in value.EnumerateArray().Index())
            numbers[i] =
                element.TryGetInt64(out var number) && number >= 0
                    ? number
                    : throw new InvalidDataException($"the tensor '{name}' has the number {element.GetRawText()}, which is not an integer from 0");
        return numbers;
    }

    private static SafeTensorEntry[] Ordered(List<SafeTensorEntry> entries, long dataLength)
    {
        SafeTensorEntry[] ordered = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
        var end = 0L;
        foreach (var entry in ordered)
        {
            if (entry.Begin != end)
                throw new InvalidDataException($"the tensor '{entry.Name}' begins at the byte {entry.Begin} of the data, and the one before it ends at {end}");
            end = entry.End;
        }

        if (end != dataLength)
            throw new InvalidDataException($"its tensors need {end} bytes of data, and the file has {dataLength}");
        return ordered;
    }
}
