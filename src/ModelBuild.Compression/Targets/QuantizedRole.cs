namespace ModelBuild.Compression.Targets;

/// <summary>What an operator does with quantized values.</summary>
internal enum QuantizedRole
{
    /// <summary>It has no quantized form.</summary>
    None,

    /// <summary>It multiplies by constant weights.</summary>
    Layer,

    /// <summary>It computes new values, whose range is their own.</summary>
    Arithmetic,

    /// <summary>It moves or picks values: what comes out has the range, scale and zero point of what went in.</summary>
    PassThrough,

    /// <summary>It cuts values off: a quantized range that ends where it cuts does the same.</summary>
    Clamp,
}
