namespace ModelBuild.Compression.Signatures;

/// <summary>One line of text that describes the meaning of inputs or outputs of a model.</summary>
/// <param name="Name">The name of the item's metadata, such as <c>Image</c>.</param>
/// <param name="Text">The description, such as <c>rgb resize(256) crop(224)</c>.</param>
/// <param name="Source">The file or metadata where it was found; null if the item has it.</param>
internal sealed record ValueDescription(string Name, string Text, string? Source)
{
    /// <summary>
    /// Whether the prepared tensor has the dimensions channels, height and width; otherwise height, width and channels. The value is null unless a preparation
    /// inside the model is described.
    /// </summary>
    public bool? IsChannelsFirst { get; init; }

    /// <summary>The properties that the files of a tokenizer name; null unless the input takes texts.</summary>
    public TextFacts? Texts { get; init; }
}
