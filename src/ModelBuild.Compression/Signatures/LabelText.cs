using System.Globalization;
using System.Text.Json;

namespace ModelBuild.Compression.Signatures;

/// <summary>
/// Reads class names from text: JSON or what Python prints (an array, or an object from number to name or from name to number, also inside a larger one such as Hugging Face's
/// <c>config.json</c>), or a plain list.
/// </summary>
internal static class LabelText
{
    private const int Deepest = 4;

    // What objects call their labels.
    private static readonly string[] Keys = ["id2label", "label2id", "names", "labels", "classes", "class_names", "categories"];

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The names in their order; null when the text is not JSON, nor Python's.</summary>
    /// <exception cref="FormatException">It is, and has no labels in it.</exception>
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

    /// <summary>The names of a plain list: one a line or, on a single line, between commas.</summary>
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

    /// <summary>Labels under a usual key, of the object itself before those of objects inside.</summary>
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

    // Any object of numbers looks like that: it has labels only if the numbers fit.
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

    /// <summary>A name; of several for one class, such as <c>["n01440764", "tench"]</c>, the last.</summary>
    private static string? Name(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Array when element.GetArrayLength() > 0 && element[element.GetArrayLength() - 1] is { ValueKind: JsonValueKind.String } last =>
                last.GetString(),
            _ => null,
        };
}
