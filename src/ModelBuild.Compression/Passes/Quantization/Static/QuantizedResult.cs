namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>What a quantized node gives.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Made">The float value that the node still makes in the QDQ form; ONNX Runtime makes it go away where it fuses.</param>
/// <param name="Codes">The value's codes; null where the result stays float.</param>
internal sealed record QuantizedResult(string Node, string Made, string? Codes);
