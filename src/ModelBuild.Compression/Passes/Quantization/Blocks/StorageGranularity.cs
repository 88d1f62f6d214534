namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>How the weights of Conv, LSTM and what else no product takes are stored.</summary>
internal enum StorageGranularity
{
    /// <summary>With a scale for each block of inputs.</summary>
    Block,

    /// <summary>With a scale for each output channel.</summary>
    Channel,

    /// <summary>As they are.</summary>
    None,
}
