namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>What makes a channel important.</summary>
internal enum ChannelImportance
{
    /// <summary><see cref="Taylor"/> where gradients are given; else <see cref="Elimination"/> with calibration data, <see cref="L2"/> without.</summary>
    Auto,

    /// <summary>The sums of the magnitudes of the weights that make and that read it (Li et al. 2017, arXiv 1608.08710).</summary>
    L1,

    /// <summary>The sums of squares of the weights that make and that read it.</summary>
    L2,

    /// <summary>The mean square of what its readers get of it: activations times weights. Needs data.</summary>
    Energy,

    /// <summary>What its readers lose when they are solved again without it (Optimal Brain Surgeon). Needs data.</summary>
    Elimination,

    /// <summary>What the loss changes by without it, to first order. Needs gradients.</summary>
    Taylor,
}
