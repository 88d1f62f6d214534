namespace ModelBuild.Generator.Signatures;

/// <summary>One line that describes what inputs or outputs of a model mean.</summary>
/// <param name="Name">The name of the item's metadata, such as <c>Image</c>.</param>
/// <param name="Text">The description.</param>
/// <param name="Source">The file or metadata where the build found it; empty if the item has it.</param>
internal sealed record ValueDescription(string Name, string Text, string Source)
{
    /// <summary>
    /// Gets the order of the dimensions of the prepared tensor, for a preparation that is part of the model; empty for other descriptions.
    /// </summary>
    public string Layout { get; init; } = "";

    /// <summary>Returns the text as an item has it and where it comes from, such as <c>Image="rgb" (from preprocessor_config.json)</c>.</summary>
    public override string ToString() => $"{Name}=\"{Text}\"" + (Source.Length > 0 ? $" (from {Source})" : "");
}
