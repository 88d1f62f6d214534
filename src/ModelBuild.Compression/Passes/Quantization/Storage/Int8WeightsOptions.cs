namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>Options of <c>int8-weights</c>.</summary>
/// <param name="PerChannel">One scale for each output channel rather than one for the tensor.</param>
/// <param name="Exclude">Names of weights, or names or operator types of the nodes that read them, to leave alone, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record Int8WeightsOptions(bool PerChannel = true, string Exclude = "");
