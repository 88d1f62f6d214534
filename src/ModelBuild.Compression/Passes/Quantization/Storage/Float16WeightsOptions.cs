namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>The options of the step <c>float16-weights</c>.</summary>
/// <param name="Exclude">
/// Names of weights, or names or operator types of the nodes that read them, that the step skips, with <c>*</c> as a wildcard, separated by <c>|</c>.
/// </param>
internal sealed record Float16WeightsOptions(string Exclude = "");
