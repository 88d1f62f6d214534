using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModelBuild.Compression.Receipts;

/// <summary>Reads and writes indented JSON documents with LF. Equal values give equal texts.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        // The relaxed JSON encoder does not escape letters and symbols, so that names of files and nodes stay readable. The text is not inserted into HTML
        // without encoding.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions LineOptions = new(Options) { WriteIndented = false };
    private static readonly JsonSerializerOptions StrictOptions = new(Options) { RespectNullableAnnotations = true };

    /// <summary>Returns <paramref name="value"/> as JSON on one line.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, LineOptions);

    /// <summary>Returns the document of <paramref name="value"/>.</summary>
    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";

    /// <summary>Reads a document that <see cref="Of"/> wrote, or returns null for other text.</summary>
    public static T? TryRead<T>(string json)
        where T : class => Read<T>(json, Options);

    /// <summary>Reads a document as <see cref="TryRead"/> does, and also returns null for a text with null where the type has no null.</summary>
    public static T? TryReadStrict<T>(string json)
        where T : class => Read<T>(json, StrictOptions);

    private static T? Read<T>(string json, JsonSerializerOptions options)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
