using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModelBuild.Compression.Receipts;

/// <summary>JSON documents for people and programs: indented, LF line ends, the same text for the same value.</summary>
public static class JsonText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        // File names and node names stay readable; the text is never put into a page as it is.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document of <paramref name="value"/>.</summary>
    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";

    /// <summary>Reads what <see cref="Of"/> wrote; null when it is something else.</summary>
    public static T? TryRead<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
