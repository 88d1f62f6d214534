namespace ModelBuild.Compression.Verification;

/// <summary>The information about a model's outputs in a project: their kinds and the number of labels.</summary>
/// <param name="Kinds">The kinds that the user sets.</param>
/// <param name="Labels">The number of class names; 0 for none.</param>
internal sealed record OutputHints(FidelityKinds Kinds, int Labels)
{
    /// <summary>The hints of a project without information about outputs.</summary>
    public static OutputHints None { get; } = new(FidelityKinds.None, 0);
}
