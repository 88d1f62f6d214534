namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>The options of the step <c>prune</c>.</summary>
/// <param name="Sparsity">
/// The share of each layer's weights that become zero, such as <c>0.5</c>; or <c>N:M</c>, such as <c>2:4</c>: at most N of M neighbouring inputs keep their
/// weight.
/// </param>
/// <param name="Method">The method that chooses weights. It also determines whether the remaining weights are solved again.</param>
/// <param name="Storage">The form in which the zeros are stored.</param>
/// <param name="Exclude">
/// Names or operator types of nodes that do not change, with <c>*</c> as a wildcard, separated by <c>|</c>; names in single quotes are literal.
/// </param>
/// <param name="Layers">
/// Another sparsity for some layers: <c>pattern:sparsity|…</c>, where a pattern is a node's name or operator type with <c>*</c>. A layer that is named here
/// is pruned even if a rule would leave it dense.
/// </param>
internal sealed record PruneOptions(
    string Sparsity = "0.5",
    PruneMethod Method = PruneMethod.Auto,
    SparseStorage Storage = SparseStorage.Dense,
    string Exclude = "",
    string Layers = ""
);
