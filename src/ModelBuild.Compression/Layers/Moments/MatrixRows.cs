using ModelBuild.Compression.Calibration.Samples;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>Reads Gemm and MatMul with a constant matrix. All axes but the last one are positions.</summary>
/// <param name="transposed">Whether the input has the shape [K, positions] (Gemm's transA).</param>
/// <param name="outputChannels">The output columns that are the targets; null for all.</param>
internal sealed class MatrixRows(bool transposed, int[]? outputChannels) : LayerRows
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
    protected override float[] Inputs(FloatView x, long[] outputShape, int group, List<long> positions)
    {
        if (!transposed)
            return Rows(x, positions);
        var (columns, all) = ((int)x.Shape[0], (int)x.Shape[1]);
        var rows = new float[positions.Count * columns];
        var data = x.Floats;
        for (var row = 0; row < positions.Count; row++)
        for (var column = 0; column < columns; column++)
            rows[row * columns + column] = data[column * all + (int)positions[row]];
        return rows;
    }

    /// <inheritdoc/>
    protected override float[] Targets(FloatView y, int group, List<long> positions) =>
        outputChannels is null ? Rows(y, positions) : Columns(y, positions, outputChannels);

    private static float[] Columns(FloatView tensor, List<long> positions, int[] columns)
    {
        var all = (int)tensor.Shape[^1];
        var rows = new float[positions.Count * columns.Length];
        for (var row = 0; row < positions.Count; row++)
        for (var i = 0; i < columns.Length; i++)
            rows[row * columns.Length + i] = tensor.Floats[(int)positions[row] * all + columns[i]];
        return rows;
    }

    private static float[] Rows(FloatView tensor, List<long> positions)
    {
        var columns = (int)tensor.Shape[^1];
        var rows = new float[positions.Count * columns];
        for (var row = 0; row < positions.Count; row++)
            tensor.Floats.Slice((int)positions[row] * columns, columns).CopyTo(rows.AsSpan(row * columns));
        return rows;
    }
}
