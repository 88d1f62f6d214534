namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>The options of the step <c>int8-dynamic</c>.</summary>
/// <param name="PerChannel">Whether weights have a scale for each output column; otherwise they have one scale.</param>
/// <param name="Exclude">Names of nodes or weights that the step skips, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
/// <param name="Embeddings">Whether tables whose rows Gather looks up are stored in int8 as well.</param>
/// <param name="Outliers">
/// The largest number of columns of an activation that are multiplied in float32, if calibration data shows that they are far larger than the others; 0 for
/// none.
/// </param>
internal sealed record Int8DynamicOptions(bool PerChannel = true, string Exclude = "", bool Embeddings = true, int Outliers = 16);
