namespace ModelBuild.Compression.Layers.Moments;

/// <summary>Gemm and MatMul with a constant matrix: leading axes are positions.</summary>
/// <param name="transposed">Whether inputs lie [K, positions] (Gemm's transA).</param>
internal sealed class MatrixRows(bool transposed) : LayerRows
{
    /// <inheritdoc/>
    public override long Count(ReadOnlySpan<long> outputShape)
    {
        var count = 1L;
        foreach (var size in outputShape[..^1])
            count *= size;
        return count;
    }

    /// <inheritdoc/>
    protected override float[] Inputs(FloatTensor x, long[] outputShape, int group, List<long> positions)
    {
        if (!transposed)
            return Rows(x, positions);
        var (columns, all) = ((int)x.Shape[0], (int)x.Shape[1]);
        var rows = new float[positions.Count * columns];
        var data = x.Data.Span;
        for (var row = 0; row < positions.Count; row++)
            for (var column = 0; column < columns; column++)
                rows[row * columns + column] = data[column * all + (int)positions[row]];
        return rows;
    }

    /// <inheritdoc/>
    protected override float[] Targets(FloatTensor y, int group, List<long> positions) => Rows(y, positions);

    private static float[] Rows(FloatTensor tensor, List<long> positions)
    {
        var columns = (int)tensor.Shape[^1];
        var rows = new float[positions.Count * columns];
        for (var row = 0; row < positions.Count; row++)
            tensor.Data.Span.Slice((int)positions[row] * columns, columns).CopyTo(rows.AsSpan(row * columns));
        return rows;
    }
}
