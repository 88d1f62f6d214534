namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>The options of the step <c>depthwise-separable</c>.</summary>
/// <param name="Terms">The number of pairs of a depthwise and a 1 × 1 convolution whose sum replaces one convolution.</param>
/// <param name="Exclude">Names of weights, or names or operator types of layers that do not change, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record DepthwiseSeparableOptions(int Terms = 2, string Exclude = "");
