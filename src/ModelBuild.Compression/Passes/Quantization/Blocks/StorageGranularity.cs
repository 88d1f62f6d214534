namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>Specifies how weights are stored that no rewritten product reads, such as those of Conv and LSTM.</summary>
internal enum StorageGranularity
{
    /// <summary>The weights are stored with a scale for each block of inputs.</summary>
    Block,

    /// <summary>The weights are stored with a scale for each output channel.</summary>
    Channel,

    /// <summary>The weights stay in float32.</summary>
    None,
}
