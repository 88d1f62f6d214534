namespace ModelBuild.Compression.Receipts;

/// <summary>A recipe that the build tried.</summary>
/// <param name="Recipe">The one-line form of the recipe.</param>
/// <param name="Outcome"><c>kept</c> or <c>refused</c>.</param>
/// <param name="Why">The reason.</param>
public sealed record AttemptFacts(string Recipe, string Outcome, string Why)
{
    /// <summary>The outcome of the recipe whose result is deployed.</summary>
    public const string Kept = "kept";

    /// <summary>The outcome of every other recipe.</summary>
    public const string Refused = "refused";
}
