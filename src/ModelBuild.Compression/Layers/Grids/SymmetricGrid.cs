namespace ModelBuild.Compression.Layers.Grids;

/// <summary>
/// Zero point 0 and as many negative as positive codes: scale = max|w| / greatest code (Jacob et al. 2018, section 2). At 8 bits the same numbers as
/// <see cref="Passes.Quantization.SymmetricInt8"/>.
/// </summary>
/// <param name="Bits">The width of a code: −(2^(Bits−1) − 1) … 2^(Bits−1) − 1.</param>
/// <param name="BlockSize">Columns that share a scale; null for whole rows.</param>
internal sealed record SymmetricGrid(int Bits, int? BlockSize = null) : IGridRule
{
    /// <summary>Half the range (−64 … 64 at 8 bits), so that sums of two products fit into the 16 bits of processors without VNNI.</summary>
    public bool Reduced { get; init; }

    /// <inheritdoc/>
    public bool Shared { get; init; }

    /// <summary>The least scale of each row; null for none. An int32 bias, whose scale is a product with this one, overflows below it.</summary>
    public float[]? LeastScales { get; init; }

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
            scales[i] = Math.Max(float.IsNormal(scale) ? scale : 1, LeastScales?[i / blocks] ?? 0);
        }

        if (Shared)
            Array.Fill(scales, scales.Max());
        return new WeightGrid(rows, columns, blockSize, scales, null, -greatest, greatest);
    }

    /// <inheritdoc/>
    public IGridRule ForRows(int firstRow, int rows) => LeastScales is null ? this : this with { LeastScales = LeastScales[firstRow..(firstRow + rows)] };
}
