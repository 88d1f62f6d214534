namespace ModelBuild.Compression.Passes.Precision;

/// <summary>The options of the step <c>bfloat16</c>.</summary>
/// <param name="Io">Whether the model's inputs and outputs become bfloat16, too.</param>
/// <param name="Exclude">Names or operator types of nodes that stay float32, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record Bfloat16Options(bool Io = false, string Exclude = "");
