namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>The options of <c>clip-weights</c>: there are none.</summary>
internal sealed record ClipWeightsOptions;
