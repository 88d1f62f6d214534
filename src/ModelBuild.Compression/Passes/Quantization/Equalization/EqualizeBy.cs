namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Specifies which ranges <c>equalize</c> makes equal.</summary>
internal enum EqualizeBy
{
    /// <summary>The ranges of activations are made equal if there are samples, otherwise those of weights.</summary>
    Auto,

    /// <summary>
    /// The ranges of the weights on both sides of an activation are made equal. The method needs no data, and is most effective for weights with one scale for
    /// the tensor.
    /// </summary>
    Weights,

    /// <summary>
    /// The ranges of an activation's channels are made equal, as far as the next weights permit. The method needs data, and is most effective for weights with
    /// a scale for each channel.
    /// </summary>
    Activations,
}
