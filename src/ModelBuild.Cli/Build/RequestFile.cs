using System.Text.Json;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Build;

/// <summary>Reads <c>&lt;id&gt;.request.json</c>, which the tasks of the build write.</summary>
internal static class RequestFile
{
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Reads the request in a file.</summary>
    /// <exception cref="CompressionException">MB1013: the file is not a request of the version that this program reads.</exception>
    public static ModelRequest Load(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            Check(document.RootElement);
            return document.Deserialize<ModelRequest>(_options) ?? throw new JsonException("the file is empty");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new CompressionException(
                Codes.ProgramFailed,
                $"The build's request cannot be read: {exception.Message}. "
                    + "Rebuild; if that does not help, the package and its tasks are of different versions.",
                path,
                exception
            );
        }
    }

    // Checks that the document has every field, because the tasks write all of them. A default value for a missing field could differ from the project's, so
    // the file is refused.
    private static void Check(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty(RequestJson.SchemaField, out var schema)
            || !schema.TryGetInt32(out var version)
            || version != RequestJson.Schema
        )
            throw new JsonException("the schema is unknown");
        if (RequestFields.All.FirstOrDefault(field => !root.TryGetProperty(field.Name, out _)) is { } missing)
            throw new JsonException($"the field '{missing.Name}' is missing");
    }
}
