namespace ModelBuild.Protocol;

/// <summary>One metadata of <c>OnnxModel</c> items.</summary>
/// <param name="Name">The name, such as <c>MaxSize</c>.</param>
/// <param name="Affects">What its value decides.</param>
internal sealed record ItemField(string Name, Affects Affects)
{
    /// <summary>The value where neither the item nor the project sets one; null where there is none, or where it depends on the model or the project.</summary>
    public string? Default { get; init; }

    /// <summary>The words of which the value is one; empty where it is free text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether each item has a value of its own, so that no property sets it for all models of a project.</summary>
    public bool IsItemOnly { get; init; }

    /// <summary>
    /// Whether the generator alone reads it. The tasks then write its value among the options of the request, the program copies the options into the
    /// signature, and neither has a member for it.
    /// </summary>
    public bool IsOption { get; init; }

    /// <summary>The name in JSON documents, such as <c>maxSize</c>.</summary>
    public string JsonName => char.ToLowerInvariant(Name[0]) + Name.Substring(1);

    /// <summary>The property that sets the value for all models of a project; null where there is none.</summary>
    public string? Property => IsItemOnly ? null : "ModelBuild" + Name;
}
