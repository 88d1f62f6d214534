namespace ModelBuild.Compression.Layers.Grids;

/// <summary>
/// Chooses the scale and the zero point of one block of weights. Implementations use only scalar float64 arithmetic and square roots, so that the results are
/// equal on all CPUs.
/// </summary>
internal interface IBlockFit
{
    /// <summary>Returns the scale and the zero point of a block of weights. The scale is positive unless the block is all zeros.</summary>
    (double Scale, double ZeroPoint) Fit(ReadOnlySpan<float> block, CodeRange range);
}
