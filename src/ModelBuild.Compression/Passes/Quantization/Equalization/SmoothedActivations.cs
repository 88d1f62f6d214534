namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Specifies how an activation that <c>smooth-quant</c> divides is quantized afterwards.</summary>
internal enum SmoothedActivations
{
    /// <summary>The activation is not quantized. The products read it in float32.</summary>
    Float,

    /// <summary>All values of a call share an asymmetric range of 8 bits, as in <c>DynamicQuantizeLinear</c>.</summary>
    OfCall,

    /// <summary>Each block of inputs of each row has a symmetric range of 8 bits, as in <c>MatMulNBits</c> with accuracy level 4.</summary>
    OfBlock,
}
