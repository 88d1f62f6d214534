namespace ModelBuild.Compression.Passes.Sparsification;

/// <summary>The options of the step <c>sparsify-activations</c>.</summary>
/// <param name="Share">The share of the outputs of each ReLU that becomes zero.</param>
/// <param name="Exclude">
/// Names or operator types of nodes that do not change, with <c>*</c> as a wildcard, separated by <c>|</c>; names in single quotes are literal.
/// </param>
internal sealed record SparsifyActivationsOptions(double Share = 0.7, string Exclude = "");
