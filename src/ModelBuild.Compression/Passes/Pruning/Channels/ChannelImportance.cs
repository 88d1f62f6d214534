namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Specifies how the importance of a channel is measured.</summary>
internal enum ChannelImportance
{
    /// <summary>
    /// The measure is <see cref="Taylor"/> if gradients are given; otherwise <see cref="Elimination"/> with calibration data, and <see cref="L2"/> without.
    /// </summary>
    Auto,

    /// <summary>The sum of the magnitudes of the weights that compute and read the channel (Li et al. 2017, arXiv 1608.08710).</summary>
    L1,

    /// <summary>The sum of squares of the weights that compute and read the channel.</summary>
    L2,

    /// <summary>The mean square of the channel's contribution to its readers: activations times weights. The measure needs calibration data.</summary>
    Energy,

    /// <summary>
    /// The increase of the readers' error when their other weights are solved again without the channel (Optimal Brain Surgeon). The measure needs
    /// calibration data.
    /// </summary>
    Elimination,

    /// <summary>The change of the loss without the channel, to first order. The measure needs gradients.</summary>
    Taylor,
}
