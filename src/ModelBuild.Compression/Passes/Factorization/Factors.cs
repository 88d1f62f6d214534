namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>The weights of the two layers that replace one layer. Their shapes depend on the form.</summary>
/// <param name="Rank">The number of channels between the two layers; for depthwise forms, their number for each input channel.</param>
/// <param name="First">The weights of the first layer, which reads the input.</param>
/// <param name="Second">The weights of the second layer, [N, F]: each of the N outputs multiplies F features of the first.</param>
internal sealed record Factors(int Rank, double[] First, double[] Second);
