namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>The options of <c>bias-correction</c>: there are none.</summary>
internal sealed record BiasCorrectionOptions;
