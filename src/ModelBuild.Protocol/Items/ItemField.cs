namespace ModelBuild.Protocol;

/// <summary>Describes one metadata of <c>OnnxModel</c> items.</summary>
/// <param name="Name">The name, such as <c>MaxSize</c>.</param>
/// <param name="Affects">The results that depend on its value.</param>
internal sealed record ItemField(string Name, Affects Affects)
{
    /// <summary>
    /// Gets the value that applies if neither the item nor the project sets one; null if there is no default, or if the default depends on the model or the
    /// project.
    /// </summary>
    public string? Default { get; init; }

    /// <summary>Gets the allowed words; empty if the value is free text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Gets whether only items have the value, so that no property sets it for all models of a project.</summary>
    public bool IsItemOnly { get; init; }

    /// <summary>
    /// Gets whether only the generator reads the value. The tasks then write it among the options of the request, and the program copies the options to the
    /// signature, so that neither needs a member for it.
    /// </summary>
    public bool IsOption { get; init; }

    /// <summary>
    /// Gets whether the value describes the meaning of an input or output, such as the image that a model takes. The program may also find such a value beside
    /// the model.
    /// </summary>
    public bool IsDescription { get; init; }

    /// <summary>Gets the name of the metadata in JSON documents, such as <c>maxSize</c>.</summary>
    public string JsonName => char.ToLowerInvariant(Name[0]) + Name.Substring(1);

    /// <summary>Gets the property that sets the value for all models of a project; null if there is none.</summary>
    public string? Property => IsItemOnly ? null : "ModelBuild" + Name;
}
