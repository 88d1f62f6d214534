using System.Globalization;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pipeline;

/// <summary>What a search for mixed precision came to.</summary>
/// <param name="Recipe">The recipe that is within the budget; the one that misses it where none is.</param>
/// <param name="Candidate">Its result; null where none is within the budget.</param>
/// <param name="Ranking">What returning layers gives back, best first.</param>
/// <param name="Conclusion">Where there is no result: what the search ended with, in words.</param>
internal sealed record MixedResult(Recipe Recipe, VerifiedCandidate? Candidate, IReadOnlyList<LayerRank> Ranking, string Conclusion)
{
    /// <summary>The layers that give back most, in words.</summary>
    public string Worst =>
        string.Join(", ", Ranking.Take(3).Select(rank => string.Create(CultureInfo.InvariantCulture, $"'{rank.Layer}' ({rank.GainDb:0.0} dB)")));
}
