namespace ModelBuild.Compression.Layers.Grids;

/// <summary>Chooses the scale and the zero point of one block of weights. Scalar float64 arithmetic and square roots only: the same numbers on every processor.</summary>
internal interface IBlockFit
{
    /// <summary>The scale (positive where the block is not all zeros) and the zero point.</summary>
    (double Scale, double ZeroPoint) Fit(ReadOnlySpan<float> block, CodeRange range);
}
