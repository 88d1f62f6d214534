namespace ModelBuild.Compression.Layers.Grids;

/// <summary>From the least to the greatest weight of the block (round-to-nearest, as ONNX Runtime's own quantizers do it).</summary>
internal sealed class MinMaxFit : IBlockFit
{
    // In float16 a zero point further out than this is off by more than a thirtieth of a step.
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

    /// <summary>The scale and zero point whose codes just cover all numbers from <paramref name="least"/> to <paramref name="most"/>.</summary>
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
