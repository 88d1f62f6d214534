namespace ModelBuild.Compression.Layers;

/// <summary>
/// The values that the quantized weights of a layer can have: w = scale · (code − zero point), with codes from <paramref name="MinCode"/> to <paramref
/// name="MaxCode"/>. Each row (output channel) has its own scale and zero point for each block of columns.
/// </summary>
/// <param name="Rows">The number of output channels.</param>
/// <param name="Columns">The number of inputs that one output channel multiplies.</param>
/// <param name="BlockSize">The number of columns that share a scale; <paramref name="Columns"/> for one scale per row. The last block may be shorter.</param>
/// <param name="Scales">The positive scales of each row and block, in row-major order.</param>
/// <param name="ZeroPoints">The zero points of each row and block, which may be fractional (HQQ); null when all are 0.</param>
/// <param name="MinCode">The smallest code.</param>
/// <param name="MaxCode">The largest code.</param>
internal sealed record WeightGrid(int Rows, int Columns, int BlockSize, float[] Scales, float[]? ZeroPoints, int MinCode, int MaxCode) : IWeightCodes
{
    /// <summary>The number of blocks in a row, each of which has its own scale.</summary>
    public int Blocks => (Columns + BlockSize - 1) / BlockSize;

    /// <summary>Returns the code whose value is nearest to a given value at a weight, with ties to even as in ONNX QuantizeLinear.</summary>
    public int Code(int row, int column, double value) => (int)Math.Clamp(Math.Round(Position(row, column, value), MidpointRounding.ToEven), MinCode, MaxCode);

    /// <summary>Returns the position of a value on the grid in codes, before it is rounded to a code.</summary>
    public double Position(int row, int column, double value)
    {
        var slot = Slot(row, column);
        return value / Scales[slot] + ZeroPoint(slot);
    }

    /// <summary>Returns the real value of a code: scale · (code − zero point).</summary>
    public double Value(int row, int column, int code)
    {
        var slot = Slot(row, column);
        return Scales[slot] * (code - ZeroPoint(slot));
    }

    /// <summary>Returns the nearest codes of a matrix [<see cref="Rows"/>, <see cref="Columns"/>].</summary>
    public int[] Round(ReadOnlySpan<float> weights)
    {
        var codes = new int[weights.Length];
        for (var row = 0; row < Rows; row++)
        for (var column = 0; column < Columns; column++)
            codes[row * Columns + column] = Code(row, column, weights[row * Columns + column]);
        return codes;
    }

    /// <summary>Returns a grid with a copy of some rows of this grid.</summary>
    public WeightGrid Part(int firstRow, int rows) =>
        this with
        {
            Rows = rows,
            Scales = Scales.AsSpan(firstRow * Blocks, rows * Blocks).ToArray(),
            ZeroPoints = ZeroPoints?.AsSpan(firstRow * Blocks, rows * Blocks).ToArray(),
        };

    /// <summary>Replaces the rows from <paramref name="firstRow"/> on by those of another grid of the same kind.</summary>
    public void Set(int firstRow, WeightGrid rows)
    {
        rows.Scales.CopyTo(Scales, firstRow * Blocks);
        rows.ZeroPoints?.CopyTo(ZeroPoints!, firstRow * Blocks);
    }

    private int Slot(int row, int column) => row * Blocks + column / BlockSize;

    private double ZeroPoint(int slot) => ZeroPoints is null ? 0 : ZeroPoints[slot];
}
