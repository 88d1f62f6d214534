namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>The result of a quantized node: the names of its values.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="Made">The float value that the node computes in the QDQ form; it no longer exists in ONNX Runtime's graph if the node is fused.</param>
/// <param name="Codes">The codes of the value; null if the result stays in float.</param>
internal sealed record QuantizedResult(string Node, string Made, string? Codes);
