using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Factorization;
using ModelBuild.Compression.Passes.Pruning.Channels;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Tuning;

/// <summary>
/// The changes of the graph that a recipe makes before weights are stored in other forms: pruned channels and factorized layers. The steps divide the ratios
/// among the layers.
/// </summary>
/// <param name="Pruned">The share of the work that <c>prune-channels</c> removes; 0 for none.</param>
/// <param name="Of">The measure of this work.</param>
/// <param name="Rank">The share of the multiply-adds that <c>low-rank</c> leaves; 1 for all.</param>
internal sealed record Structure(double Pruned, PrunedWork Of, double Rank)
{
    /// <summary>The structure without changes of the graph.</summary>
    public static Structure Unchanged { get; } = new(0, PrunedWork.MultiplyAdds, 1);

    /// <summary>Returns the steps that change the graph.</summary>
    public IReadOnlyList<RecipeStep> Steps() =>
        StepCatalog.List([
            .. Pruned > 0 ? [new PruneChannelsOptions(Pruned, Of)] : Array.Empty<object>(),
            .. Rank < 1 ? [new LowRankOptions(Rank)] : Array.Empty<object>(),
        ]);
}
