namespace ModelBuild.Compression.Execution;

/// <summary>One output of one call, whatever its ONNX type, flattened.</summary>
/// <param name="IsFloat">Whether the numbers are measurements (floats) rather than indices, flags or counts.</param>
/// <param name="Shape">The shape; for sequences and maps, the number of values.</param>
/// <param name="Numbers">The values of a numeric output.</param>
/// <param name="Texts">The values of an output of strings; the keys of maps, as text.</param>
internal sealed record OutputValues(bool IsFloat, long[] Shape, double[] Numbers, string[] Texts);
