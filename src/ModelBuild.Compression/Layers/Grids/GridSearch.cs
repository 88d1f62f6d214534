namespace ModelBuild.Compression.Layers.Grids;

/// <summary>How the range of a block of weights is chosen.</summary>
internal enum GridSearch
{
    /// <summary>From the least to the greatest weight: round-to-nearest.</summary>
    Rtn,

    /// <summary>The range with the least squared error.</summary>
    Mse,

    /// <summary>Half-quadratic: the zero point that makes the error sparse.</summary>
    Hqq,
}
