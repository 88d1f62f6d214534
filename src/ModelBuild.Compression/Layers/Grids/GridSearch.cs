namespace ModelBuild.Compression.Layers.Grids;

/// <summary>The method that chooses the range of a block of weights.</summary>
internal enum GridSearch
{
    /// <summary>The range extends from the smallest to the largest weight of the block (round-to-nearest).</summary>
    Rtn,

    /// <summary>The range is the one with the least squared error of the rounded weights.</summary>
    Mse,

    /// <summary>Half-quadratic quantization chooses the zero point that makes the rounding error sparse.</summary>
    Hqq,
}
