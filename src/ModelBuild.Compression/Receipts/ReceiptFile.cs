using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Receipts;

/// <summary>Receipts as JSON: UTF-8, LF, indented, the same bytes for the same receipt.</summary>
public static class ReceiptFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        // File names and node names stay readable; the file is never put into a page as it is.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The receipt's text.</summary>
    public static string ToJson(Receipt receipt) => JsonSerializer.Serialize(receipt, Options) + "\n";

    /// <summary>Reads what <see cref="ToJson"/> wrote; null when it is not a receipt.</summary>
    public static Receipt? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Receipt>(json, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
