using System.Globalization;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The result of a search for mixed precision.</summary>
/// <param name="Recipe">The recipe that is within the budget; the recipe that misses it where none is.</param>
/// <param name="Candidate">The result of that recipe; null where none is within the budget.</param>
/// <param name="Ranking">The gain of moving each layer back, best first.</param>
/// <param name="Conclusion">A text that says how a search without a result ended.</param>
internal sealed record MixedResult(Recipe Recipe, VerifiedCandidate? Candidate, IReadOnlyList<LayerRank> Ranking, string Conclusion)
{
    /// <summary>The recipes that were run as a whole and missed the budget, in the order of the trials.</summary>
    public IReadOnlyList<VariantFacts> Variants { get; init; } = [];

    /// <summary>The layers with the largest gain, in words.</summary>
    public string Worst =>
        string.Join(
            ", ",
            Ranking.Take(3).Select(rank => string.Create(CultureInfo.InvariantCulture, $"'{rank.Layer}' ({SignedNumber.Of(rank.GainDb, 1)} dB)"))
        );
}
