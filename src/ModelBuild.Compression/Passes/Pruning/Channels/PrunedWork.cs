namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>The measure of the work that pruning saves.</summary>
internal enum PrunedWork
{
    /// <summary>The multiply-adds of one call.</summary>
    MultiplyAdds,

    /// <summary>The parameters of the layers.</summary>
    Parameters,
}
