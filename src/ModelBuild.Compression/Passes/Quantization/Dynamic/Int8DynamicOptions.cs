namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>Options of <c>int8-dynamic</c>.</summary>
/// <param name="PerChannel">One weight scale for each output column rather than one for the tensor.</param>
/// <param name="Exclude">Names of nodes or weights to leave alone, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
/// <param name="Embeddings">Store tables that Gather looks up rows in as well.</param>
internal sealed record Int8DynamicOptions(bool PerChannel = true, string Exclude = "", bool Embeddings = true);
