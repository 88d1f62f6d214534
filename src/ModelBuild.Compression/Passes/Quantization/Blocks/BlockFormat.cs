namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>What a matrix product with quantized weights becomes. Members are spelled as recipes write them.</summary>
internal enum BlockFormat
{
    /// <summary>com.microsoft.MatMulNBits, which multiplies the packed weights as they are.</summary>
    Matmulnbits,

    /// <summary>DequantizeLinear and MatMul, ONNX's own operators (opset 21), which ONNX Runtime makes the same of when it loads.</summary>
    Qdq,

    /// <summary>Stored only, as other weights are: float32 arithmetic and speed.</summary>
    Stored,
}
