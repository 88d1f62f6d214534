namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>What pruning saves.</summary>
internal enum PrunedWork
{
    /// <summary>Multiply-adds of one call.</summary>
    MultiplyAdds,

    /// <summary>Parameters of the layers.</summary>
    Parameters,
}
