using System.Globalization;
using System.Text.Json;

namespace ModelBuild.Compression.Signatures;

/// <summary>
/// Reads class names from text: JSON or a Python literal (an array, or an object from number to name or from name to number, also inside a larger object such
/// as Hugging Face's <c>config.json</c>), or a plain list.
/// </summary>
internal static class LabelText
{
    private const int Deepest = 4;

    // The keys under which JSON objects store class labels.
    private static readonly string[] Keys = ["id2label", "label2id", "names", "labels", "classes", "class_names", "categories"];

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Returns the class names of a structured text in their order, or null when the text is neither JSON nor a Python literal.</summary>
    /// <exception cref="FormatException">The text is JSON or a Python literal without labels.</exception>
    public static IReadOnlyList<string>? Structured(string text)
    {
        if (text.TrimStart() is not ['[' or '{', ..])
            return null;
        foreach (var json in new[] { text, PythonLiteral.ToJson(text) })
            if (TryParse(json) is { } document)
                using (document)
                    return Find(document.RootElement, Deepest)
                        ?? throw new FormatException(
                            $"it has no labels: an array of texts, or an object such as {{\"0\": \"cat\"}}, by itself or under one of {string.Join(", ", Keys)}"
                        );
        return null;
    }

    /// <summary>Returns the class names of a plain list: one per line or, on a single line, separated by commas.</summary>
    public static IReadOnlyList<string> Plain(string text) =>
        text.Split(text.Contains('\n', StringComparison.Ordinal) ? '\n' : ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static JsonDocument? TryParse(string json)
    {
        try
        {
            return JsonDocument.Parse(json, Lenient);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string[]? Find(JsonElement element, int depth) =>
        element.ValueKind switch
        {
            JsonValueKind.Array when element.EnumerateArray().All(item => Name(item) is not null) => [.. element.EnumerateArray().Select(item => Name(item)!)],
            JsonValueKind.Object => FromNumbers(element) ?? FromNames(element) ?? Inside(element, depth),
            _ => null,
        };

    /// <summary>
    /// Returns the labels that a JSON object has under a usual key, such as <c>names</c>. Keys of the object come before those of nested objects.
    /// </summary>
    private static string[]? Inside(JsonElement element, int depth)
    {
        foreach (var key in Keys)
            if (element.TryGetProperty(key, out var labels) && Find(labels, 0) is { } found)
                return found;
        return depth == 0
            ? null
            : element
                .EnumerateObject()
                .Where(property => property.Value.ValueKind == JsonValueKind.Object)
                .Select(property => Inside(property.Value, depth - 1))
                .FirstOrDefault(found => found is not null);
    }

    private static string[]? FromNumbers(JsonElement element) =>
        InOrder([.. element.EnumerateObject().Select(property => (Number(property.Name), Name(property.Value)))], isSure: true);

    // Reads labels from an object that maps names to numbers. Many JSON objects map names to numbers. An object holds labels only if its numbers are all
    // integers from 0 to the number of names less one.
    private static string[]? FromNames(JsonElement element) =>
        InOrder(
            [
                .. element
                    .EnumerateObject()
                    .Select(property =>
                        (property.Value.ValueKind == JsonValueKind.Number ? Number(property.Value.GetRawText()) : null, (string?)property.Name)
                    ),
            ],
            isSure: false
        );

    private static string[]? InOrder((int? Number, string? Name)[] entries, bool isSure)
    {
        if (entries.Length == 0 || entries.Any(entry => entry.Number is null || entry.Name is null))
            return null;
        var names = new string?[entries.Length];
        foreach (var (number, name) in entries)
            if (number < names.Length)
                names[number.Value] = name;
        return !names.Contains(null) ? [.. names.OfType<string>()]
            : isSure ? throw new FormatException($"its {names.Length} numbers are not those from 0 to {names.Length - 1}")
            : null;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Returns the name of a class from a JSON element. Of several names, such as <c>["n01440764", "tench"]</c>, the last one is used.</summary>
    private static string? Name(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Array when element.GetArrayLength() > 0 && element[element.GetArrayLength() - 1] is { ValueKind: JsonValueKind.String } last =>
                last.GetString(),
            _ => null,
        };
}
