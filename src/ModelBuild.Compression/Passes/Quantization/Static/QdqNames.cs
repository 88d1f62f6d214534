namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>The initializers of one quantized layer.</summary>
/// <param name="Weight">The codes of the weights.</param>
/// <param name="WeightScale">The scales of the weights.</param>
/// <param name="Bias">The codes of the bias; null if the layer has none.</param>
/// <param name="BiasScale">The scales of the bias.</param>
internal sealed record QdqNames(string Weight, string WeightScale, string? Bias, string? BiasScale);
