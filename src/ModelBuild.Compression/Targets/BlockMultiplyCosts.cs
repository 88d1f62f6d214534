namespace ModelBuild.Compression.Targets;

/// <summary>The cost of one multiply-add in a matrix product whose weights have a scale for each block of inputs, in picoseconds.</summary>
/// <param name="Product">In a product of many rows.</param>
/// <param name="ProductOfFewRows">In a product of a few rows, which waits for its weights.</param>
internal sealed record BlockMultiplyCosts(double Product, double ProductOfFewRows);
