using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Receipts;

/// <summary>Writes each entry of a list on one line, so that long lists stay short and readable in indented documents.</summary>
/// <typeparam name="T">The type of an entry.</typeparam>
internal sealed class LineArray<T> : JsonConverter<IReadOnlyList<T>>
{
    /// <inheritdoc/>
    public override IReadOnlyList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<List<T>>(ref reader, options);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var entry in value)
            writer.WriteRawValue(JsonText.Line(entry), skipInputValidation: true);
        writer.WriteEndArray();
    }
}
