using System.Text.Json;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Descriptions;

/// <summary>Reads the names of the classes from Hugging Face's <c>config.json</c>.</summary>
internal static class HuggingFaceConfig
{
    public const string FileName = "config.json";

    // transformers writes such names for a model without names.
    private const string DefaultPrefix = "LABEL_";

    /// <summary>Reads the document.</summary>
    public static FoundDescription Read(JsonElement root, string source)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id2label", out var names) || names.ValueKind != JsonValueKind.Object)
            return new FoundDescription(source);
        var labels = LabelText.Structured(names.GetRawText()) ?? [];
        return new FoundDescription(source) { Labels = labels.All(label => label.StartsWith(DefaultPrefix, StringComparison.Ordinal)) ? [] : labels };
    }
}
