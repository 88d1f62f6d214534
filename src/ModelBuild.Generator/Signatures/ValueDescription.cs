namespace ModelBuild.Generator.Signatures;

/// <summary>Represents one line that describes the meaning of inputs or outputs of a model.</summary>
/// <param name="Name">The name of the item's metadata, such as <c>Image</c>.</param>
/// <param name="Text">The description.</param>
/// <param name="Source">The file or metadata where the build found it; empty if the item has the description.</param>
internal sealed record ValueDescription(string Name, string Text, string Source)
{
    /// <summary>
    /// Gets the order of the dimensions of the prepared tensor, for a preparation that is part of the model; empty for other descriptions.
    /// </summary>
    public string Layout { get; init; } = "";

    /// <summary>
    /// Gets the way in which the vectors of tokens become the vector of a text, by the files of a tokenizer; null if the build did not read it.
    /// </summary>
    public string? Pooling { get; init; }

    /// <summary>Gets the number of tokens at which the files of a tokenizer cut texts; null if they name none.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Gets the reason why the files of a tokenizer cannot be used; null if they can.</summary>
    public string? Fault { get; init; }

    /// <summary>Returns the text as an item has it and where it comes from, such as <c>Image="rgb" (from preprocessor_config.json)</c>.</summary>
    public override string ToString() => $"{Name}=\"{Text}\"" + (Source.Length > 0 ? $" (from {Source})" : "");
}
