namespace ModelBuild.Generator.Signatures;

/// <summary>Represents the content of a <c>.signature.json</c> file, which describes one model for its callers.</summary>
internal sealed record ModelSignature(
    string ClassName,
    ClassOptions Options,
    EquatableArray<ValueDescription> Descriptions,
    string Model,
    string Description,
    string Deploy,
    string Path,
    EquatableArray<string> Stages,
    string Hash,
    EquatableArray<string> Providers,
    EquatableArray<string> Labels,
    EquatableArray<TensorSignature> Inputs,
    EquatableArray<TensorSignature> Outputs,
    EquatableArray<StateSignature> States
)
{
    public string Namespace => Options.Namespace;

    /// <summary>Returns the description that the signature has for a metadata; null if there is none.</summary>
    public ValueDescription? Described(ItemField field) => Descriptions.FirstOrDefault(description => description.Name == field.Name);

    public string FullName => Namespace.Length == 0 ? ClassName : Namespace + "." + ClassName;
}
