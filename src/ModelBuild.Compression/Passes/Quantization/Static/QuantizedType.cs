namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Specifies the element types of quantized activations and weights.</summary>
internal enum QuantizedType
{
    /// <summary>The element type that is fastest on the target.</summary>
    Auto,

    /// <summary>Unsigned integers of 8 bits.</summary>
    UInt8,

    /// <summary>Signed integers of 8 bits.</summary>
    Int8,

    /// <summary>Unsigned integers of 16 bits, for accelerators.</summary>
    UInt16,

    /// <summary>Signed integers of 16 bits, for accelerators.</summary>
    Int16,
}
