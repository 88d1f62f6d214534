namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>Options of <c>int8-dynamic</c>.</summary>
/// <param name="PerChannel">One weight scale for each output column rather than one for the tensor.</param>
/// <param name="Exclude">Names of nodes or weights to leave alone, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
/// <param name="Embeddings">Store tables that Gather looks up rows in as well.</param>
/// <param name="Outliers">How many columns of an activation are multiplied in float32 at most, where calibration data shows that they are far larger
/// than the others; 0 for none.</param>
internal sealed record Int8DynamicOptions(bool PerChannel = true, string Exclude = "", bool Embeddings = true, int Outliers = 16);
