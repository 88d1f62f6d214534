namespace ModelBuild.Compression.Descriptions;

/// <summary>The descriptions and labels from one place: a file beside the model, or a part of the model's metadata.</summary>
/// <param name="Source">The name of the file or the metadata, for messages.</param>
internal sealed record FoundDescription(string Source)
{
    /// <summary>The texts of the descriptions by the field of the item, such as the image.</summary>
    public IReadOnlyDictionary<ItemField, string> Texts { get; init; } = new Dictionary<ItemField, string>();

    /// <summary>Whether the place describes this model alone. The files of a folder may describe other models of the folder.</summary>
    public bool IsOfModel { get; init; }

    /// <summary>The names of the classes; empty if the place has none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}
