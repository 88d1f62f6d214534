namespace ModelBuild.Generator.Signatures;

/// <summary>Represents the settings of an item that only the generator reads.</summary>
/// <param name="Namespace">The namespace of the class; empty for none.</param>
/// <param name="IsPublic">Whether the class is public.</param>
internal sealed record ClassOptions(string Namespace, bool IsPublic)
{
    /// <summary>Initializes a new instance of the <see cref="ClassOptions"/> class from the values of a signature by the names of their metadata.</summary>
    public ClassOptions(IReadOnlyDictionary<string, string?> values)
        : this(Text(values, ItemMetadata.Namespace), Text(values, ItemMetadata.Access).Equals("public", StringComparison.OrdinalIgnoreCase)) { }

    private static string Text(IReadOnlyDictionary<string, string?> values, ItemField field) =>
        values.TryGetValue(field.Name, out var text) && text is not null ? text : field.Default ?? "";
}
