using System.Text.Json;

namespace ModelBuild.Compression.Descriptions;

/// <summary>
/// Reads a file <c>MODEL.task.json</c>, which has the descriptions of an item and the labels:
/// <c>{ "image": "rgb resize(224,224)", "labels": ["cat", "dog"] }</c>.
/// </summary>
internal static class TaskFile
{
    private const string LabelsName = "labels";

    /// <summary>Reads the descriptions and the labels from the root of the JSON document.</summary>
    /// <exception cref="FormatException">The document has another form.</exception>
    public static FoundDescription Read(JsonElement root, string source)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is no JSON object.");
        var fields = ItemMetadata.All.Where(field => field.IsDescription).ToArray();
        var texts = new Dictionary<ItemField, string>();
        IReadOnlyList<string> labels = [];
        foreach (var property in root.EnumerateObject())
            if (property.Name == LabelsName && property.Value.ValueKind == JsonValueKind.Array)
                labels = [.. property.Value.EnumerateArray().Select(label => label.GetString() ?? "")];
            else if (fields.FirstOrDefault(field => field.JsonName == property.Name) is { } field && property.Value.ValueKind == JsonValueKind.String)
                texts.Add(field, property.Value.GetString()!);
            else
                throw new FormatException(
                    $"'{property.Name}' is not a description with a text."
                        + $"{NearestName.Hint(property.Name, [.. fields.Select(field => field.JsonName), LabelsName])} "
                        + $"The names are {string.Join(", ", fields.Select(field => $"'{field.JsonName}'"))}, with a text, and '{LabelsName}' with an array."
                );
        return new FoundDescription(source)
        {
            Texts = texts,
            Labels = labels,
            IsOfModel = true,
        };
    }
}
