namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>The weights of the two layers that one becomes. Their shapes follow from the form.</summary>
/// <param name="Rank">How many channels, or for depthwise forms how many channels for each input channel, lie between the two.</param>
/// <param name="First">The weights of the one that sees the input.</param>
/// <param name="Second">The weights of the one that gives the answer, [N, F]: each of the N outputs multiplies F features of the first.</param>
internal sealed record Factors(int Rank, double[] First, double[] Second);
