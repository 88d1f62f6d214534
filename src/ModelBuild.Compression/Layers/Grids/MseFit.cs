namespace ModelBuild.Compression.Layers.Grids;

/// <summary>
/// Finds the range with the least squared error among the whole range and ranges down to half of it, in steps of a fiftieth. Then a few iterations of least
/// squares refine the scale and, if the format allows any value, the zero point with fixed codes, while the error decreases.
/// </summary>
internal sealed class MseFit : IBlockFit
{
    private const int Candidates = 25;
    private const double Step = 0.02;
    private const int Refinements = 4;

    /// <inheritdoc/>
    public (double Scale, double ZeroPoint) Fit(ReadOnlySpan<float> block, CodeRange range)
    {
        double least = block[0],
            most = block[0];
        foreach (var weight in block)
            (least, most) = (Math.Min(least, weight), Math.Max(most, weight));
        // The point towards which the tried ranges shrink. A grid that contains 0 shrinks towards 0, and a grid with a real zero point towards the middle of
        // the range.
        var center = range.ZeroPoint == ZeroPointKind.Real ? (least + most) / 2 : 0;
        (double Scale, double ZeroPoint) best = MinMaxFit.Cover(least, most, range);
        if (best.Scale == 0)
            return best;
        var bestError = Error(block, best, range);
        for (var i = 1; i < Candidates; i++)
        {
            var width = 1 - Step * i;
            Try(block, MinMaxFit.Cover(center + width * (least - center), center + width * (most - center), range), range, ref best, ref bestError);
        }

        for (var i = 0; i < Refinements; i++)
            if (!Try(block, Refine(block, best, range), range, ref best, ref bestError))
                break;
        return best;
    }

    private static bool Try(
        ReadOnlySpan<float> block,
        (double Scale, double ZeroPoint) candidate,
        CodeRange range,
        ref (double Scale, double ZeroPoint) best,
        ref double bestError
    )
    {
        var error = candidate.Scale > 0 ? Error(block, candidate, range) : double.PositiveInfinity;
        if (error >= bestError)
            return false;
        (best, bestError) = (candidate, error);
        return true;
    }

    private static double Error(ReadOnlySpan<float> block, (double Scale, double ZeroPoint) grid, CodeRange range)
    {
        var sum = 0.0;
        foreach (var weight in block)
        {
            var error = weight - grid.Scale * (range.Code(weight, grid.Scale, grid.ZeroPoint) - grid.ZeroPoint);
            sum += error * error;
        }

        return sum;
    }

    // Refines a grid by linear regression of the weights on their codes. The regression has an intercept only if the zero point may be any number.
    private static (double Scale, double ZeroPoint) Refine(ReadOnlySpan<float> block, (double Scale, double ZeroPoint) grid, CodeRange range)
    {
        double codes = 0,
            squares = 0,
            weights = 0,
            products = 0;
        foreach (var weight in block)
        {
            var code = range.Code(weight, grid.Scale, grid.ZeroPoint) - grid.ZeroPoint;
            codes += code;
            squares += code * code;
            weights += weight;
            products += code * weight;
        }

        if (range.ZeroPoint != ZeroPointKind.Real)
            return (squares == 0 ? 0 : products / squares, grid.ZeroPoint);
        var determinant = block.Length * squares - codes * codes;
        if (determinant <= 0)
            return (0, 0);
        var scale = (block.Length * products - codes * weights) / determinant;
        return (scale, grid.ZeroPoint - (weights - scale * codes) / block.Length / scale);
    }
}
