namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>How <c>prune</c> chooses weights.</summary>
internal enum PruneMethod
{
    /// <summary><see cref="Reconstruct"/> with calibration data, <see cref="Magnitude"/> without.</summary>
    Auto,

    /// <summary>The smallest go. Needs no data.</summary>
    Magnitude,

    /// <summary>Those go whose size times the norm of their input is smallest in their output channel.</summary>
    Wanda,

    /// <summary>Those go whose loss costs the layer's answers least when the others make good for it, and the others are solved again.</summary>
    Reconstruct,
}
