using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Pipeline;

/// <summary>A recipe that <c>auto</c> thought of.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="WhyNot">Why it is not even tried; null where it is.</param>
internal sealed record AutoCandidate(Recipe Recipe, string? WhyNot)
{
    /// <summary>Whether it computes in float on weights that are stored in fewer bits: smaller, and no faster.</summary>
    public bool IsStorage { get; init; }
}
