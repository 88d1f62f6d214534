namespace ModelBuild.Compression.Layers.Grids;

/// <summary>
/// Half-quadratic quantization (Badri and Shaji 2023): finds the zero point that makes the error sparse, so that outliers do not change it. Each iteration
/// shrinks the error, W_e = sign(e) · max(0, |e| − |e|^(p−1) / β), and sets the zero point to mean(codes − (W − W_e) / scale). β grows. The paper has p =
/// 0.7. Here p is 0.75, because square roots compute it equally on all CPUs. A grid without zero points is fitted by <see cref="MseFit"/>, because there is
/// nothing to optimize. An integer zero point almost never changes and is that of <see cref="MinMaxFit"/>.
/// </summary>
internal sealed class HqqFit : IBlockFit
{
    // The number of iterations of half-quadratic quantization, the first β and the factor by which β grows, as in the implementation of the paper.
    private const int Iterations = 20;
    private const double FirstBeta = 10;
    private const double BetaGrowth = 1.01;

    private readonly MinMaxFit _start = new();
    private readonly MseFit _symmetric = new();

    /// <inheritdoc/>
    public (double Scale, double ZeroPoint) Fit(ReadOnlySpan<float> block, CodeRange range)
    {
        if (range.ZeroPoint == ZeroPointKind.None)
            return _symmetric.Fit(block, range);
        var (scale, zeroPoint) = _start.Fit(block, range);
        if (scale == 0 || range.ZeroPoint == ZeroPointKind.Whole)
            return (scale, zeroPoint);
        var (best, bestError) = (zeroPoint, double.PositiveInfinity);
        var beta = FirstBeta;
        for (var i = 0; i <= Iterations; i++, beta *= BetaGrowth)
        {
            var (error, next) = Iterate(block, range, scale, zeroPoint, beta);
            if (error >= bestError)
                break;
            (best, bestError, zeroPoint) = (zeroPoint, error, next);
        }

        return (scale, best);
    }

    private static (double Error, double ZeroPoint) Iterate(ReadOnlySpan<float> block, CodeRange range, double scale, double zeroPoint, double beta)
    {
        double errors = 0,
            sum = 0;
        foreach (var weight in block)
        {
            var code = range.Code(weight, scale, zeroPoint);
            var error = weight - scale * (code - zeroPoint);
            var size = Math.Abs(error);
            errors += size;
            // The error is shrunk towards 0 by |e|^(−1/4) / β, and not below 0. For an error of 0 the power is infinite, and the shrunk error is 0.
            var kept = Math.Max(0, size - 1 / (Math.Sqrt(Math.Sqrt(size)) * beta));
            sum += code - (weight - Math.CopySign(kept, error)) / scale;
        }

        return (errors, sum / block.Length);
    }
}
