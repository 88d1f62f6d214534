using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Descriptions;

/// <summary>The descriptions of a model's inputs and outputs, the labels of its classes and its tokenizer.</summary>
/// <param name="Descriptions">The descriptions, those of the item and those that were found.</param>
/// <param name="Labels">The names of the classes that were found; empty if none were found.</param>
/// <param name="LabelSource">The file or metadata of <paramref name="Labels"/>; null if none were found.</param>
/// <param name="Tokenizer">The files of the tokenizer; empty if the model has none.</param>
/// <param name="Files">The paths of the files that were read, and of those that would be read if they existed. A build repeats if one of them appears.</param>
internal sealed record DescribedModel(
    IReadOnlyList<ValueDescription> Descriptions,
    IReadOnlyList<string> Labels,
    string? LabelSource,
    IReadOnlyList<TokenizerFile> Tokenizer,
    IReadOnlyList<string> Files
)
{
    /// <summary>Gets the path of the file with the vocabulary of the tokenizer; null if the model has none.</summary>
    public string? Vocabulary => Tokenizer.Count > 0 ? Tokenizer[0].Path : null;

    /// <summary>Returns the description that belongs to a field of the item, such as the image; null if there is none.</summary>
    public ValueDescription? Of(ItemField field) => Descriptions.FirstOrDefault(description => description.Name == field.Name);

    /// <summary>Returns one sentence that lists the descriptions that were found and their files; null if nothing was found.</summary>
    public string? Summary()
    {
        var found = Descriptions
            .Where(description => description.Source is not null)
            .Select(description => $"{description.Name}=\"{description.Text}\" from {description.Source}{description.Texts}")
            .ToList();
        if (LabelSource is not null)
            found.Add($"{Labels.Count} labels from {LabelSource}");
        return found.Count == 0 ? null : "found " + string.Join(", ", found);
    }
}
