namespace ModelBuild.Compression.Layers.Grids;

/// <summary>Covers the range from the smallest to the largest weight of a block (round-to-nearest, as in ONNX Runtime's quantizers).</summary>
internal sealed class MinMaxFit : IBlockFit
{
    // The largest distance of a real zero point from 0, in steps of the grid. In float16 a zero point that is farther away has an error of more than a
    // thirtieth of a step.
    private const double FarthestZeroPoint = 64;

    /// <inheritdoc/>
    public (double Scale, double ZeroPoint) Fit(ReadOnlySpan<float> block, CodeRange range)
    {
        double least = block[0],
            most = block[0];
        foreach (var weight in block)
            (least, most) = (Math.Min(least, weight), Math.Max(most, weight));
        return Cover(least, most, range);
    }

    /// <summary>Returns the scale and zero point whose codes cover exactly the numbers from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static (double Scale, double ZeroPoint) Cover(double least, double most, CodeRange range)
    {
        if (range.ZeroPoint == ZeroPointKind.None)
            return (Math.Max(least / range.MinCode, most / range.MaxCode), 0);
        var steps = range.MaxCode - range.MinCode;
        if (range.ZeroPoint == ZeroPointKind.Real)
        {
            var scale = (most - least) / steps;
            if (Math.Max(Math.Abs(least), Math.Abs(most)) < FarthestZeroPoint * scale)
                return (scale, range.MinCode - least / scale);
        }

        (least, most) = (Math.Min(least, 0), Math.Max(most, 0));
        var withZero = (most - least) / steps;
        return (withZero, withZero == 0 ? 0 : range.Hold(range.MinCode - least / withZero));
    }
}
