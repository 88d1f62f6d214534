namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>The storage of weights that no rewritten product reads, such as those of Conv and LSTM.</summary>
internal enum StorageGranularity
{
    /// <summary>With a scale for each block of inputs.</summary>
    Block,

    /// <summary>With a scale for each output channel.</summary>
    Channel,

    /// <summary>In float32.</summary>
    None,
}
