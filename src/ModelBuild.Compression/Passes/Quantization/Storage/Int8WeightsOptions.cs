namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>The options of the step <c>int8-weights</c>.</summary>
/// <param name="PerChannel">Whether weights have one scale for each output channel; otherwise they have one scale.</param>
/// <param name="Exclude">
/// Names of weights, or names or operator types of the nodes that read them, that the step skips, with <c>*</c> as a wildcard, separated by <c>|</c>.
/// </param>
internal sealed record Int8WeightsOptions(bool PerChannel = true, string Exclude = "");
