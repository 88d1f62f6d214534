namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>The form that a matrix product with quantized weights gets. Members have the names that recipes use.</summary>
internal enum BlockFormat
{
    /// <summary>The product becomes com.microsoft.MatMulNBits, which multiplies the packed weights as they are.</summary>
    Matmulnbits,

    /// <summary>
    /// The product becomes DequantizeLinear and MatMul, standard ONNX operators (opset 21). ONNX Runtime fuses them into MatMulNBits when it loads the model.
    /// </summary>
    Qdq,

    /// <summary>The weights are stored in few bits, as other weights are; the product computes in float32 with the speed of float32.</summary>
    Stored,
}
