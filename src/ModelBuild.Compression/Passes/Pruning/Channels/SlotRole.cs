namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>The relation of the slices of a constant to their channels.</summary>
internal enum SlotRole
{
    /// <summary>Each slice computes a channel: the outputs of a layer's weights.</summary>
    Makes,

    /// <summary>Each slice reads a channel: the inputs of a layer's weights.</summary>
    Reads,

    /// <summary>Each slice changes its channel and no other: a bias, a normalization, a depthwise convolution.</summary>
    Changes,
}
