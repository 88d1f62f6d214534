using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Pipeline;

/// <summary>A candidate of <c>auto</c>.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="WhyNot">The reason why it is not tried; null where it is.</param>
internal sealed record AutoCandidate(Recipe Recipe, string? WhyNot)
{
    /// <summary>Whether it only stores weights in fewer bits, so that the result is smaller and not faster.</summary>
    public bool IsStorage { get; init; }
}
