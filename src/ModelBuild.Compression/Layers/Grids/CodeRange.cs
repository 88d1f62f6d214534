namespace ModelBuild.Compression.Layers.Grids;

/// <summary>The codes that a block of weights may take, and the zero points.</summary>
/// <param name="MinCode">The least code.</param>
/// <param name="MaxCode">The greatest code.</param>
/// <param name="ZeroPoint">The zero points that the format can hold.</param>
internal readonly record struct CodeRange(int MinCode, int MaxCode, ZeroPointKind ZeroPoint)
{
    /// <summary>The range of a number of bits: from 0 on where there are zero points, around 0 where there are none.</summary>
    public static CodeRange Of(int bits, ZeroPointKind zeroPoint) =>
        zeroPoint == ZeroPointKind.None ? new(-(1 << (bits - 1)), (1 << (bits - 1)) - 1, zeroPoint) : new(0, (1 << bits) - 1, zeroPoint);

    /// <summary>The nearest code.</summary>
    public double Code(double value, double scale, double zeroPoint) =>
        Math.Clamp(Math.Round(value / scale + zeroPoint, MidpointRounding.ToEven), MinCode, MaxCode);

    /// <summary>The zero point, brought to one that the format can hold.</summary>
    public double Hold(double zeroPoint) =>
        ZeroPoint switch
        {
            ZeroPointKind.None => 0,
            ZeroPointKind.Whole => Math.Clamp(Math.Round(zeroPoint, MidpointRounding.ToEven), MinCode, MaxCode),
            _ => zeroPoint,
        };
}
