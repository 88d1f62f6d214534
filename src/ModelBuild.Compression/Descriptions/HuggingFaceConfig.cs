using System.Text.Json;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Descriptions;

/// <summary>Reads the names of the classes from Hugging Face's <c>config.json</c>.</summary>
internal static class HuggingFaceConfig
{
    public const string FileName = "config.json";

    // The beginning of the names that the library transformers writes for the classes of a model without names.
    private const string DefaultPrefix = "LABEL_";

    /// <summary>Reads the names of the classes from the root of the JSON document.</summary>
    public static FoundDescription Read(JsonElement root, string source)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id2label", out var names) || names.ValueKind != JsonValueKind.Object)
            return new FoundDescription(source);
        var labels = LabelText.Structured(names.GetRawText()) ?? [];
        return new FoundDescription(source) { Labels = labels.All(label => label.StartsWith(DefaultPrefix, StringComparison.Ordinal)) ? [] : labels };
    }
}
