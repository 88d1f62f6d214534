namespace ModelBuild.Compression.Layers.Grids;

/// <summary>
/// A grid with zero point 0 and equally many negative and positive codes: scale = max|w| / largest code (Jacob et al. 2018, section 2). With 8 bits the
/// numbers equal those of <see cref="Passes.Quantization.SymmetricInt8"/>.
/// </summary>
/// <param name="Bits">The number of bits of a code: −(2^(Bits−1) − 1) … 2^(Bits−1) − 1.</param>
/// <param name="BlockSize">The number of columns that share a scale; null for complete rows.</param>
internal sealed record SymmetricGrid(int Bits, int? BlockSize = null) : IGridRule
{
    /// <summary>
    /// Whether the grid uses only half of the codes (−64 … 64 with 8 bits), so that sums of two products fit into 16 bits on CPUs without VNNI.
    /// </summary>
    public bool Reduced { get; init; }

    /// <inheritdoc/>
    public bool Shared { get; init; }

    /// <summary>
    /// The smallest allowed scale of each row, or null for no limit. With a smaller scale the int32 bias of the row would overflow, because the scale of the
    /// bias is a multiple of this scale.
    /// </summary>
    public float[]? MinScales { get; init; }

    /// <inheritdoc/>
    public WeightGrid Fit(ReadOnlySpan<float> weights, int rows, int columns)
    {
        var greatest = Reduced ? 1 << (Bits - 2) : (1 << (Bits - 1)) - 1;
        var blockSize = BlockSize ?? columns;
        var blocks = (columns + blockSize - 1) / blockSize;
        var scales = new float[rows * blocks];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            ref var scale = ref scales[row * blocks + column / blockSize];
            scale = Math.Max(scale, Math.Abs(weights[row * columns + column]));
        }

        if (Shared)
            Array.Fill(scales, scales.Max());
        for (var i = 0; i < scales.Length; i++)
        {
            var scale = (float)(scales[i] / (double)greatest);
            scales[i] = Math.Max(float.IsNormal(scale) ? scale : 1, MinScales?[i / blocks] ?? 0);
        }

        if (Shared)
            Array.Fill(scales, scales.Max());
        return new WeightGrid(rows, columns, blockSize, scales, null, -greatest, greatest);
    }

    /// <inheritdoc/>
    public IGridRule ForRows(int firstRow, int rows) => MinScales is null ? this : this with { MinScales = MinScales[firstRow..(firstRow + rows)] };
}
