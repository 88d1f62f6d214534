namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Element types of quantized activations and weights.</summary>
internal enum QuantizedType
{
    /// <summary>The type that is fastest on the target.</summary>
    Auto,

    /// <summary>Unsigned 8 bits.</summary>
    UInt8,

    /// <summary>Signed 8 bits.</summary>
    Int8,

    /// <summary>Unsigned 16 bits, for accelerators.</summary>
    UInt16,

    /// <summary>Signed 16 bits, for accelerators.</summary>
    Int16,
}
