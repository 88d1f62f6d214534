namespace ModelBuild.Compression.Verification;

/// <summary>What a project says about its model's outputs.</summary>
/// <param name="Kinds">The kinds that the user names.</param>
/// <param name="Labels">How many class names there are; 0 for none.</param>
internal sealed record OutputHints(FidelityKinds Kinds, int Labels)
{
    /// <summary>Nothing is said.</summary>
    public static OutputHints None { get; } = new(FidelityKinds.None, 0);
}
