namespace ModelBuild.Compression.Targets;

/// <summary>The role of an operator for quantized values.</summary>
internal enum QuantizedRole
{
    /// <summary>The operator has no quantized form.</summary>
    None,

    /// <summary>The operator multiplies by constant weights.</summary>
    Layer,

    /// <summary>The operator computes new values with their own range.</summary>
    Arithmetic,

    /// <summary>The operator moves or selects values: the output has the range, scale and zero point of the input.</summary>
    PassThrough,

    /// <summary>The operator cuts values off at its bounds. A quantized range that ends at these bounds does the same.</summary>
    Clamp,
}
