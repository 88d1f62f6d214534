using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The outcome of one candidate recipe: kept, refused or failed, with the reason.</summary>
/// <param name="Recipe">The recipe, or the variant of it that the outcome is about.</param>
/// <param name="Why">The reason, as receipts and the log give it.</param>
internal abstract record CandidateOutcome(Recipe Recipe, string Why)
{
    /// <summary>The size of the result on disk in bytes; null where there is no result.</summary>
    public long? Bytes { get; init; }

    /// <summary>The SQNR of the worst output in dB; null where nothing was measured.</summary>
    public double? SqnrDb { get; init; }

    /// <summary>The variants with some layers in float that were tried; empty for none.</summary>
    public IReadOnlyList<VariantFacts> Variants { get; init; } = [];

    /// <summary>The result is smaller and within the budget. The result is in the workspace.</summary>
    /// <param name="Recipe">The recipe.</param>
    /// <param name="Why">The reason, with the size that the result would save.</param>
    /// <param name="Result">The result.</param>
    public sealed record Kept(Recipe Recipe, string Why, VerifiedCandidate Result) : CandidateOutcome(Recipe, Why);

    /// <summary>The result gains nothing, or another candidate is preferred. The original is kept if no candidate is kept.</summary>
    /// <param name="Recipe">The recipe.</param>
    /// <param name="Why">The reason.</param>
    public sealed record Refused(Recipe Recipe, string Why) : CandidateOutcome(Recipe, Why);

    /// <summary>The recipe does not work on the model, or misses the budget. <c>auto</c> continues with another candidate.</summary>
    /// <param name="Recipe">The recipe.</param>
    /// <param name="Why">The reason.</param>
    /// <param name="Error">The error with which a recipe that the project names ends.</param>
    public sealed record Failed(Recipe Recipe, string Why, CompressionException Error) : CandidateOutcome(Recipe, Why);
}
