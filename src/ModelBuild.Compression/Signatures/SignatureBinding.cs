namespace ModelBuild.Compression.Signatures;

/// <summary>The settings of a project that belong to a signature: the generated class and the location of the model.</summary>
/// <param name="ClassName">The name of the C# class.</param>
/// <param name="Options">The options by name that only the generator reads; they are copied unchanged.</param>
/// <param name="Model">The path of the model relative to the project, for documentation comments.</param>
/// <param name="Deploy"><c>copy</c>, <c>embed</c> or <c>none</c>.</param>
/// <param name="Path">The path of the model relative to the application's folder, or the name of the resource.</param>
/// <param name="Providers">The execution providers in order of preference.</param>
/// <param name="Labels">The names of the classes; empty when there are none.</param>
internal sealed record SignatureBinding(
    string ClassName,
    IReadOnlyDictionary<string, string> Options,
    string Model,
    string Deploy,
    string Path,
    IReadOnlyList<string> Providers,
    IReadOnlyList<string> Labels
)
{
    /// <summary>The outputs that become inputs of the next call of a stream; empty for a model without states.</summary>
    public IReadOnlyList<StatePair> States { get; init; } = [];

    /// <summary>The descriptions of the model's inputs and outputs.</summary>
    public IReadOnlyList<ValueDescription> Descriptions { get; init; } = [];

    /// <summary>The C# names that the project sets. All other names follow from the model's names.</summary>
    public MemberNames Members { get; init; } = MemberNames.None;

    /// <summary>The paths of the stages of a model in their order; empty when the model is not cut.</summary>
    public IReadOnlyList<string> Stages { get; init; } = [];
}
