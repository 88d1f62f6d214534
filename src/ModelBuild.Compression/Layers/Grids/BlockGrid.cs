namespace ModelBuild.Compression.Layers.Grids;

/// <summary>A grid with a scale, and a zero point if the format has them, for each block of columns.</summary>
/// <param name="Bits">The number of bits of a code.</param>
/// <param name="BlockSize">The number of columns that share a scale.</param>
/// <param name="ZeroPoint">The zero points that the format can hold.</param>
/// <param name="Search">The method that chooses the range of a block.</param>
/// <param name="Half">
/// Whether scales and zero points are rounded to float16 when they are zero or normal in float16. Codes are chosen after this rounding, so that it adds
/// almost no error.
/// </param>
internal sealed record BlockGrid(int Bits, int BlockSize, ZeroPointKind ZeroPoint, GridSearch Search, bool Half = false) : IGridRule
{
    private const float MinNormalHalf = 6.1035156e-5f;

    /// <inheritdoc/>
    public WeightGrid Fit(ReadOnlySpan<float> weights, int rows, int columns)
    {
        var range = CodeRange.Of(Bits, ZeroPoint);
        IBlockFit fit = Search switch
        {
            GridSearch.Mse => new MseFit(),
            GridSearch.Hqq => new HqqFit(),
            _ => new MinMaxFit(),
        };
        var blocks = (columns + BlockSize - 1) / BlockSize;
        var scales = new float[rows * blocks];
        var zeroPoints = ZeroPoint == ZeroPointKind.None ? null : new float[scales.Length];
        for (var slot = 0; slot < scales.Length; slot++)
        {
            var start = slot % blocks * BlockSize;
            var (scale, zeroPoint) = fit.Fit(weights.Slice(slot / blocks * columns + start, Math.Min(BlockSize, columns - start)), range);
            (scales[slot], zeroPoint) = float.IsNormal((float)scale) ? (Round((float)scale), zeroPoint) : (1, 0);
            if (zeroPoints is not null)
                zeroPoints[slot] = Round((float)zeroPoint);
        }

        return new WeightGrid(rows, columns, BlockSize, scales, zeroPoints, range.MinCode, range.MaxCode);
    }

    private float Round(float value) => Half && (Math.Abs(value) is >= MinNormalHalf and <= 65504 || value == 0) ? (float)(System.Half)value : value;
}
