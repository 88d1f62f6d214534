namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>The initializers of one quantized layer.</summary>
/// <param name="Weight">The codes of its weights.</param>
/// <param name="WeightScale">Their scales.</param>
/// <param name="Bias">The codes of its bias; null where it has none.</param>
/// <param name="BiasScale">Their scales.</param>
internal sealed record QdqNames(string Weight, string WeightScale, string? Bias, string? BiasScale);
