namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>The options of <c>rotate</c>: there are none.</summary>
internal sealed record RotateOptions;
