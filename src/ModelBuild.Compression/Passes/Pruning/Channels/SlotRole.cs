namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Specifies the relation of the slices of a constant to their channels.</summary>
internal enum SlotRole
{
    /// <summary>Each slice computes a channel, as the outputs of a layer's weights do.</summary>
    Makes,

    /// <summary>Each slice reads a channel, as the inputs of a layer's weights do.</summary>
    Reads,

    /// <summary>Each slice changes its channel and no other, as in a bias, a normalization or a depthwise convolution.</summary>
    Changes,
}
