using System.Text.Json;

namespace ModelBuild.Text.Files;

/// <summary>Reads JSON files. A file with another structure than expected causes a <see cref="TokenizerException"/>.</summary>
internal static class JsonFile
{
    /// <summary>Reads a JSON file by applying <paramref name="read"/> to its root element. Returns null if the file does not exist.</summary>
    /// <exception cref="TokenizerException">The file is not valid JSON, or an element of it has another type than expected.</exception>
    public static T? Read<T>(TextFiles files, string name, Func<JsonElement, T> read)
        where T : class => files.Read(name) is { } bytes ? Read(files.Describe(name), bytes, read) : null;

    /// <summary>Reads the bytes of a JSON file by applying <paramref name="read"/> to their root element.</summary>
    /// <exception cref="TokenizerException">The file is not valid JSON, or an element of it has another type than expected.</exception>
    public static T Read<T>(string file, ReadOnlyMemory<byte> bytes, Func<JsonElement, T> read)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            throw new TokenizerException(file, $"The file is broken, or has another structure than expected: {e.Message}", e);
        }
    }

    /// <summary>
    /// Returns the value of a property of a JSON object. The result is null if the object lacks the property, or if the value is a JSON null.
    /// </summary>
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement element, string name) => element.Get(name)?.GetString();

    public static bool? Flag(this JsonElement element, string name) => element.Get(name)?.GetBoolean();

    /// <summary>
    /// Returns an integer property of a JSON object. The result is null if the object lacks the property, or if the number is not from 1 to 1e9.
    /// </summary>
    public static int? Length(this JsonElement element, string name) => element.Get(name)?.GetDouble() is { } value and >= 1 and <= 1e9 ? (int)value : null;
}
