namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Options of <c>depthwise-separable</c>.</summary>
/// <param name="Terms">How many pairs of a depthwise and a 1 × 1 convolution add up to one convolution.</param>
/// <param name="Exclude">Names of weights, or names or operator types of layers to leave as they are, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record DepthwiseSeparableOptions(int Terms = 2, string Exclude = "");
