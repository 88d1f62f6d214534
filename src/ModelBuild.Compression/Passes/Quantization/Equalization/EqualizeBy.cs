namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The ranges that <c>equalize</c> makes equal.</summary>
internal enum EqualizeBy
{
    /// <summary>Activations if there are samples, otherwise weights.</summary>
    Auto,

    /// <summary>
    /// The ranges of the weights on both sides of an activation. The method needs no data, and is most effective for weights with one scale for the tensor.
    /// </summary>
    Weights,

    /// <summary>
    /// The ranges of an activation's channels, as far as the next weights permit. The method needs data, and is most effective for weights with a scale for
    /// each channel.
    /// </summary>
    Activations,
}
