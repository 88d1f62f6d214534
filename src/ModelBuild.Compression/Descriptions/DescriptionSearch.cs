using System.Text.Json;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Descriptions;

/// <summary>
/// Finds the descriptions of a model's inputs and outputs. Descriptions of the item have precedence. The other sources follow in this order: the file
/// <c>MODEL.task.json</c>, a Hugging Face folder, Ultralytics' metadata, and the image metadata of ONNX.
/// </summary>
internal static class DescriptionSearch
{
    /// <summary>The text of a description with which a user states that a model has none, so that no found description is used.</summary>
    private const string None = "none";

    /// <summary>Finds the descriptions, the labels and the tokenizer of a model.</summary>
    /// <param name="path">The path of the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="signature">The signature of the model after its recipe.</param>
    /// <param name="given">The descriptions of the item by the names of their metadata.</param>
    /// <param name="folder">The folder that relative paths of <paramref name="given"/> start at.</param>
    /// <exception cref="CompressionException">MB1046: a file beside the model cannot be read, or there is no such tokenizer.</exception>
    public static DescribedModel Find(string path, OnnxModel model, ModelSignature signature, IReadOnlyDictionary<string, string> given, string folder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(signature);
        var beside = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = new List<string>();
        var found = new List<FoundDescription>();
        foreach (var (file, read) in Documents(path, beside))
        {
            files.Add(file);
            if (File.Exists(file))
                found.Add(Read(file, read));
        }

        if (TokenizerFolder.Find(beside) is { } vocabulary)
            found.Add(
                new FoundDescription("the folder of the model")
                {
                    Texts = new Dictionary<ItemField, string> { [ItemMetadata.Tokenizer] = Path.GetRelativePath(beside, vocabulary).Replace('\\', '/') },
                }
            );
        found.Add(UltralyticsMetadata.Read(model.GetMetadata));
        found.Add(ImageMetadata.Read(model.GetMetadata));
        var descriptions = new List<ValueDescription>();
        foreach (var field in ItemMetadata.All.Where(field => field.IsDescription))
            if (Find(field, given, signature, found) is { } description && !description.Text.Equals(None, StringComparison.OrdinalIgnoreCase))
                descriptions.Add(description);
        var tokenizer = descriptions.FirstOrDefault(description => description.Name == ItemMetadata.Tokenizer.Name) is { } named
            ? TokenizerFolder.Read(Path.GetFullPath(named.Text, named.Source is null ? folder : beside))
            : [];
        if (TokenizerFolder.IsFor(signature))
            files.AddRange(TokenizerFolder.Candidates(beside));
        files.AddRange(tokenizer.Take(1).SelectMany(file => TokenizerFolder.Candidates(Path.GetDirectoryName(file.Path)!)));
        files.AddRange(tokenizer.Select(file => file.Path).Except(files).ToList());
        // Labels are used only if they fit the model's outputs. A folder may have the files of several models, such as an encoder and a decoder, and its labels
        // belong to one of them.
        var labelled = found.FirstOrDefault(place => place.Labels.Count > 0 && LabelCheck.Find(place.Labels, signature) is null);
        return new DescribedModel(descriptions, labelled?.Labels ?? [], labelled?.Source, tokenizer, files);
    }

    private static IEnumerable<(string File, Func<JsonElement, string, FoundDescription> Read)> Documents(string path, string folder)
    {
        yield return (Path.ChangeExtension(path, ".task.json"), TaskFile.Read);
        var shared = HuggingFaceFolder.Of(folder);
        yield return (Path.Combine(shared, HuggingFaceProcessor.FileName), HuggingFaceProcessor.Read);
        yield return (Path.Combine(shared, HuggingFaceConfig.FileName), HuggingFaceConfig.Read);
    }

    private static FoundDescription Read(string file, Func<JsonElement, string, FoundDescription> read)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return read(document.RootElement, Path.GetFileName(file));
        }
        catch (Exception exception)
            when (exception is JsonException or IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            throw new CompressionException(
                Codes.DescriptionFile,
                $"The file beside the model cannot be read: {exception.Message} Mend it, or move it to another folder.",
                file,
                exception
            );
        }
    }

    private static ValueDescription? Find(ItemField field, IReadOnlyDictionary<string, string> given, ModelSignature signature, List<FoundDescription> found)
    {
        if (given.TryGetValue(field.Name, out var text))
            return new ValueDescription(field.Name, text, null);
        foreach (var place in found)
            if (place.Texts.TryGetValue(field, out var line) && (place.IsOfModel || CanHave(field, signature)))
                return new ValueDescription(field.Name, line, place.Source);
        return null;
    }

    // Returns whether the inputs of a model can have a description that was found: one image, one recording or token ids. Other models of the same folder do
    // not use the description.
    private static bool CanHave(ItemField field, ModelSignature signature)
    {
        if (field == ItemMetadata.Tokenizer)
            return TokenizerFolder.IsFor(signature);
        if (field == ItemMetadata.Audio)
            return signature.Inputs is [{ Name: "input_features" or "input_values", Kind: ValueKind.Tensor, Type: "float32" or "float16", Shape: not null }];
        return signature.Inputs is [{ Kind: ValueKind.Tensor, Type: "float32" or "float16" or "uint8", Shape.Count: 4 }];
    }
}
