using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Pipeline;

/// <summary>A candidate of the recipe <c>auto</c>: a recipe, or the reason why it is not tried.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="WhyNot">The reason why it is not tried; null where it is.</param>
internal sealed record AutoCandidate(Recipe Recipe, string? WhyNot)
{
    /// <summary>Whether the candidate only stores weights in fewer bits, so that the result is smaller and not faster.</summary>
    public bool IsStorage { get; init; }
}
