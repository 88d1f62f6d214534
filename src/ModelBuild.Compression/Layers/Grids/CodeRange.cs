namespace ModelBuild.Compression.Layers.Grids;

/// <summary>The codes and zero points that the weights of a block may have.</summary>
/// <param name="MinCode">The smallest code.</param>
/// <param name="MaxCode">The largest code.</param>
/// <param name="ZeroPoint">The zero points that the format can hold.</param>
internal readonly record struct CodeRange(int MinCode, int MaxCode, ZeroPointKind ZeroPoint)
{
    /// <summary>Returns the codes for a number of bits: from 0 if the format has zero points, and around 0 if not.</summary>
    public static CodeRange Of(int bits, ZeroPointKind zeroPoint) =>
        zeroPoint == ZeroPointKind.None ? new(-(1 << (bits - 1)), (1 << (bits - 1)) - 1, zeroPoint) : new(0, (1 << bits) - 1, zeroPoint);

    /// <summary>Returns the code of the range that is nearest to a value on the grid of a scale and a zero point.</summary>
    public double Code(double value, double scale, double zeroPoint) =>
        Math.Clamp(Math.Round(value / scale + zeroPoint, MidpointRounding.ToEven), MinCode, MaxCode);

    /// <summary>Rounds and clamps a zero point to one that the format can hold.</summary>
    public double Hold(double zeroPoint) =>
        ZeroPoint switch
        {
            ZeroPointKind.None => 0,
            ZeroPointKind.Whole => Math.Clamp(Math.Round(zeroPoint, MidpointRounding.ToEven), MinCode, MaxCode),
            _ => zeroPoint,
        };
}
