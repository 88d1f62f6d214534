namespace ModelBuild.Compression.Passes.Pruning.Branches;

/// <summary>The options of the step <c>prune-layers</c>.</summary>
/// <param name="Count">The number of residual branches that are removed.</param>
/// <param name="Exclude">Names or operator types of layers whose branches are not removed, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record PruneLayersOptions(int Count = 1, string Exclude = "");
