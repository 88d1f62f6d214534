namespace ModelBuild.Compression.Signatures;

/// <summary>What a project adds to a signature: the class that is generated from it and where the model will be found.</summary>
/// <param name="ClassName">The C# class.</param>
/// <param name="Options">What only the generator reads, by name: it is copied as it is.</param>
/// <param name="Model">The model's path relative to the project, for documentation comments.</param>
/// <param name="Deploy"><c>copy</c>, <c>embed</c> or <c>none</c>.</param>
/// <param name="Path">Where the application finds the model: relative to its folder, or the resource's name.</param>
/// <param name="Providers">Execution providers in order of preference.</param>
/// <param name="Labels">Names of the classes; empty when there are none.</param>
public sealed record SignatureBinding(
    string ClassName,
    IReadOnlyDictionary<string, string> Options,
    string Model,
    string Deploy,
    string Path,
    IReadOnlyList<string> Providers,
    IReadOnlyList<string> Labels
)
{
    /// <summary>Outputs that are inputs of the next call of a stream; empty for a model without states.</summary>
    public IReadOnlyList<StatePair> States { get; init; } = [];

    /// <summary>The names in C# that the project chose; all others follow from the model's.</summary>
    public MemberNames Members { get; init; } = MemberNames.None;

    /// <summary>Where the application finds the stages of a model that was cut, in their order; empty for one that is whole.</summary>
    public IReadOnlyList<string> Stages { get; init; } = [];
}
