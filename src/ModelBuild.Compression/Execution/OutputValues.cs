namespace ModelBuild.Compression.Execution;

/// <summary>One output of one call, flattened from any ONNX type.</summary>
/// <param name="IsFloat">Whether the numbers are floats rather than indices, flags or counts.</param>
/// <param name="Shape">The shape; for sequences and maps, the number of values.</param>
/// <param name="Numbers">The values of a numeric output.</param>
/// <param name="Texts">The values of a string output, or the keys of maps as texts.</param>
internal sealed record OutputValues(bool IsFloat, long[] Shape, double[] Numbers, string[] Texts);
