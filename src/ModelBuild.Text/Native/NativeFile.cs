using System.Text.Json;
using ModelBuild.Text.Files;

namespace ModelBuild.Text.Native;

/// <summary>
/// Writes the <c>tokenizer.json</c> that the native library reads. In that file the tokenizer adds no special tokens, neither cuts nor pads texts, and decodes
/// special tokens like all others, because <see cref="TextTokenizer"/> does this work in the same way for each kind of tokenizer.
/// </summary>
internal static class NativeFile
{
    private static readonly string[] LeftOut = ["truncation", "padding", "post_processor"];

    public static void Write(string path, string file, byte[] document)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var writer = new Utf8JsonWriter(stream);
        JsonFile.Read(
            file,
            document,
            root =>
            {
                Write(root, writer);
                return true;
            }
        );
    }

    private static void Write(JsonElement root, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var property in root.EnumerateObject())
        {
            if (LeftOut.Contains(property.Name))
                continue;
            writer.WritePropertyName(property.Name);
            if (property.Name == "added_tokens" && property.Value.ValueKind == JsonValueKind.Array)
                WriteAdded(property.Value, writer);
            else
                property.Value.WriteTo(writer);
        }

        foreach (var name in LeftOut)
            writer.WriteNull(name);
        writer.WriteEndObject();
    }

    private static void WriteAdded(JsonElement tokens, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var token in tokens.EnumerateArray())
        {
            writer.WriteStartObject();
            foreach (var property in token.EnumerateObject())
            {
                if (property.Name == "special")
                    writer.WriteBoolean("special", false);
                else
                    property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
