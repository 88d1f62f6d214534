using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Factorization;
using ModelBuild.Compression.Passes.Pruning.Channels;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Tuning;

/// <summary>The changes of the graph that come before weights are stored otherwise. The steps divide the ratios among the layers.</summary>
/// <param name="Pruned">The share of the work that <c>prune-channels</c> removes; 0 for none.</param>
/// <param name="Of">The measure of this work.</param>
/// <param name="Rank">The share of the multiply-adds that <c>low-rank</c> leaves; 1 for all.</param>
internal sealed record Structure(double Pruned, PrunedWork Of, double Rank)
{
    /// <summary>The graph as it is.</summary>
    public static Structure Unchanged { get; } = new(0, PrunedWork.MultiplyAdds, 1);

    /// <summary>The steps.</summary>
    public IReadOnlyList<RecipeStep> Steps() =>
        StepCatalog.List([
            .. Pruned > 0 ? [new PruneChannelsOptions(Pruned, Of)] : Array.Empty<object>(),
            .. Rank < 1 ? [new LowRankOptions(Rank)] : Array.Empty<object>(),
        ]);
}
