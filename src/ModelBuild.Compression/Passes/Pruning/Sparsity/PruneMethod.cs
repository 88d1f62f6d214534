namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>Specifies how <c>prune</c> chooses weights.</summary>
internal enum PruneMethod
{
    /// <summary>The method is <see cref="Reconstruct"/> with calibration data, and <see cref="Magnitude"/> without.</summary>
    Auto,

    /// <summary>The weights with the smallest magnitude are removed. The method needs no data.</summary>
    Magnitude,

    /// <summary>In each output channel, the weights with the smallest product of magnitude and norm of their input are removed.</summary>
    Wanda,

    /// <summary>
    /// The weights whose removal increases the error of the layer's outputs least are removed, given that the others compensate for it. The remaining weights
    /// are solved again.
    /// </summary>
    Reconstruct,
}
