namespace ModelBuild.Generator;

/// <summary>Lists the names of the generator's transformations, by which tests check that results are cached.</summary>
internal static class TrackingNames
{
    public const string Signatures = nameof(Signatures);
    public const string Project = nameof(Project);
    public const string Duplicates = nameof(Duplicates);
    public const string Classes = nameof(Classes);
    public const string Sources = nameof(Sources);
    public const string Usings = nameof(Usings);
    public const string Diagnostics = nameof(Diagnostics);
}
