namespace ModelBuild.Compression.Layers;

/// <summary>
/// The values that a layer's quantized weights can take: w = scale · (code − zero point), with codes from <paramref name="MinCode"/> to <paramref name="MaxCode"/>.
/// Each row (output channel) has a scale and a zero point of its own for each block of columns.
/// </summary>
/// <param name="Rows">Output channels.</param>
/// <param name="Columns">Inputs that one output channel multiplies.</param>
/// <param name="BlockSize">Columns that share a scale; <paramref name="Columns"/> for one scale a row. The last block may be shorter.</param>
/// <param name="Scales">One for each row and block, row by row; positive.</param>
/// <param name="ZeroPoints">One for each row and block; not always whole (HQQ). Null where all are 0.</param>
/// <param name="MinCode">The least code.</param>
/// <param name="MaxCode">The greatest code.</param>
internal sealed record WeightGrid(int Rows, int Columns, int BlockSize, float[] Scales, float[]? ZeroPoints, int MinCode, int MaxCode) : IWeightCodes
{
    /// <summary>Blocks in a row.</summary>
    public int Blocks => (Columns + BlockSize - 1) / BlockSize;

    /// <summary>The nearest code; ties to even, as ONNX QuantizeLinear.</summary>
    public int Code(int row, int column, double value) => (int)Math.Clamp(Math.Round(Position(row, column, value), MidpointRounding.ToEven), MinCode, MaxCode);

    /// <summary>Where a value lies among the codes, before rounding.</summary>
    public double Position(int row, int column, double value)
    {
        var slot = Slot(row, column);
        return value / Scales[slot] + ZeroPoint(slot);
    }

    /// <summary>The value that a code stands for.</summary>
    public double Value(int row, int column, int code)
    {
        var slot = Slot(row, column);
        return Scales[slot] * (code - ZeroPoint(slot));
    }

    /// <summary>The nearest codes of a whole matrix [<see cref="Rows"/>, <see cref="Columns"/>].</summary>
    public int[] Round(ReadOnlySpan<float> weights)
    {
        var codes = new int[weights.Length];
        for (var row = 0; row < Rows; row++)
        for (var column = 0; column < Columns; column++)
            codes[row * Columns + column] = Code(row, column, weights[row * Columns + column]);
        return codes;
    }

    /// <summary>A copy of some rows.</summary>
    public WeightGrid Part(int firstRow, int rows) =>
        this with
        {
            Rows = rows,
            Scales = Scales.AsSpan(firstRow * Blocks, rows * Blocks).ToArray(),
            ZeroPoints = ZeroPoints?.AsSpan(firstRow * Blocks, rows * Blocks).ToArray(),
        };

    /// <summary>Puts the rows of another grid of the same kind in the place of those from <paramref name="firstRow"/> on.</summary>
    public void Set(int firstRow, WeightGrid rows)
    {
        rows.Scales.CopyTo(Scales, firstRow * Blocks);
        rows.ZeroPoints?.CopyTo(ZeroPoints!, firstRow * Blocks);
    }

    private int Slot(int row, int column) => row * Blocks + column / BlockSize;

    private double ZeroPoint(int slot) => ZeroPoints is null ? 0 : ZeroPoints[slot];
}
