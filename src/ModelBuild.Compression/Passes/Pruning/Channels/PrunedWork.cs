namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Specifies the measure of the work that pruning saves.</summary>
internal enum PrunedWork
{
    /// <summary>The work is the multiply-adds of one call.</summary>
    MultiplyAdds,

    /// <summary>The work is the number of parameters of the layers.</summary>
    Parameters,
}
