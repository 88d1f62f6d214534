using System.Text.Json;
using System.Text.RegularExpressions;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Caching.Entries;

/// <summary>
/// Reads the receipt of a cache entry, which another machine may have written. A wrong receipt counts as a damaged entry and does not stop the build.
/// </summary>
internal static partial class CheckedReceipt
{
    private const int Schema = 1;

    /// <summary>Reads a receipt from its JSON text. The result is null if a part of the receipt is missing or unknown.</summary>
    /// <param name="json">The text of the file.</param>
    public static Receipt? TryRead(string json)
    {
        try
        {
            return JsonText.TryReadStrict<Receipt>(json) is { Schema: Schema } receipt && !HasNullElements(json) && receipt.Warnings.All(IsWarning)
                ? receipt
                : null;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // Returns whether a warning of a receipt has a valid diagnostic code. The code is checked because it is printed as a part of messages that MSBuild reads.
    private static bool IsWarning(Diagnostics.Warning warning) => Code().IsMatch(warning.Code);

    // Returns whether a list or dictionary in the JSON text of a receipt contains null. A valid receipt has no null in a list or dictionary. The serializer
    // does not check this, because it checks only properties for null.
    private static bool HasNullElements(string json)
    {
        using var document = JsonDocument.Parse(json);
        return HasNullElements(document.RootElement)
            || document.RootElement.GetProperty("inputShapes").EnumerateObject().Any(shape => shape.Value.ValueKind == JsonValueKind.Null);
    }

    private static bool HasNullElements(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Array => element.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Null || HasNullElements(item)),
            JsonValueKind.Object => element.EnumerateObject().Any(property => HasNullElements(property.Value)),
            _ => false,
        };

    [GeneratedRegex(@"^MB[0-9]{4}\z")]
    private static partial Regex Code();
}
