namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>What <c>equalize</c> makes alike.</summary>
public enum EqualizeBy
{
    /// <summary>Activations where there are samples, weights where there are none.</summary>
    Auto,

    /// <summary>The ranges of the weights on both sides of an activation. Needs no data; worth most where weights have one scale for the tensor.</summary>
    Weights,

    /// <summary>The ranges of an activation's channels, as far as the weights behind it allow. Needs data; worth most where weights have a scale for each channel.</summary>
    Activations,
}
