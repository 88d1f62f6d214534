namespace ModelBuild.Compression.Descriptions;

/// <summary>What one place says about a model: a file beside it, or a part of its metadata.</summary>
/// <param name="Source">The name of the file or the metadata, for messages.</param>
internal sealed record FoundDescription(string Source)
{
    /// <summary>The descriptions by the metadata of the item.</summary>
    public IReadOnlyDictionary<ItemField, string> Texts { get; init; } = new Dictionary<ItemField, string>();

    /// <summary>Whether the place is for this model alone. The files of a folder may be for other models of the folder.</summary>
    public bool IsOfModel { get; init; }

    /// <summary>The names of the classes; empty if the place has none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}
