namespace ModelBuild.Compression.Pipeline;

/// <summary>One recipe that was tried.</summary>
/// <param name="Recipe">The recipe's one-line form.</param>
/// <param name="Kept">Whether its result is the one that was kept.</param>
/// <param name="Why">Why it was kept or refused.</param>
public sealed record Attempt(string Recipe, bool Kept, string Why);
