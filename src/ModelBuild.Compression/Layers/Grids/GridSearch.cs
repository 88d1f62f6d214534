namespace ModelBuild.Compression.Layers.Grids;

/// <summary>The method that chooses the range of a block of weights.</summary>
internal enum GridSearch
{
    /// <summary>The range from the smallest to the largest weight (round-to-nearest).</summary>
    Rtn,

    /// <summary>The range with the least squared error.</summary>
    Mse,

    /// <summary>Half-quadratic quantization: the zero point that makes the error sparse.</summary>
    Hqq,
}
