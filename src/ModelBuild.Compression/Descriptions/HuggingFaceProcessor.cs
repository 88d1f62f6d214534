using System.Text.Json;

namespace ModelBuild.Compression.Descriptions;

/// <summary>Reads the preparation of recordings or images from Hugging Face's <c>preprocessor_config.json</c>.</summary>
internal static class HuggingFaceProcessor
{
    public const string FileName = "preprocessor_config.json";

    /// <summary>Reads the descriptions from the root of the JSON document.</summary>
    public static FoundDescription Read(JsonElement root, string source)
    {
        var texts = new Dictionary<ItemField, string>();
        if (HuggingFaceAudio.Describe(root) is { } audio)
            texts.Add(ItemMetadata.Audio, audio);
        else if (HuggingFaceImage.Describe(root) is { } image)
            texts.Add(ItemMetadata.Image, image);
        return new FoundDescription(source) { Texts = texts };
    }
}
