using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Pipeline;

/// <summary>A recipe that <c>auto</c> thought of.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="WhyNot">Why it is not even tried; null where it is.</param>
internal sealed record AutoCandidate(Recipe Recipe, string? WhyNot);
