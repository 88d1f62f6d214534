namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The exponent α with which an activation is smoothed, and the factors that follow from it.</summary>
/// <param name="Alpha">The share of the range that moves to the weights.</param>
/// <param name="Factors">The divisor of each column.</param>
/// <param name="Shifts">The constants that are subtracted from the columns before the division; null for none.</param>
/// <param name="SqnrDb">The signal-to-quantization-noise ratio in dB of the products of the activation on held-out rows.</param>
internal sealed record SmoothingChoice(double Alpha, double[] Factors, double[]? Shifts, double SqnrDb)
{
    private static readonly double[] Alphas = [0.25, 0.5, 0.65, 0.8];

    // The values of α that are tried if constants are subtracted from the columns. With 0, only the constants are subtracted. With 1, all columns get the same
    // range, as in Li et al.
    private static readonly double[] ShiftedAlphas = [0, 0.25, 0.5, 0.65, 0.8, 1];

    /// <summary>Returns the best α; null if no α reduces the error on held-out rows enough.</summary>
    /// <param name="smoothing">The activation.</param>
    /// <param name="ranges">The ranges of its columns.</param>
    /// <param name="loss">Returns the error of the quantized products for the activation, or after the subtraction of constants from its columns.</param>
    public static SmoothingChoice? Best(Smoothing smoothing, ColumnRanges ranges, Func<double[]?, SmoothingLoss> loss)
    {
        var plain = loss(null);
        var candidates = Alphas.Select(alpha => Candidate(plain, alpha, smoothing.Factors(ranges.Largest, alpha), shifts: null)).ToList();
        if (smoothing.Shift is not null)
        {
            var shifted = loss(ranges.Middles);
            candidates.AddRange(ShiftedAlphas.Select(alpha => Candidate(shifted, alpha, CentredFactors(smoothing, ranges.Halves, alpha), ranges.Middles)));
        }

        var (error, choice) = candidates.MinBy(candidate => candidate.Error);
        var unchanged = plain.Of([.. Enumerable.Repeat(1.0, smoothing.Columns)]);
        return HeldOutGain.IsEnough(unchanged, error, HeldOutGain.OfCall) ? choice with { SqnrDb = Verification.Decibels.Of(plain.Energy, error) } : null;
    }

    private static double[] CentredFactors(Smoothing smoothing, double[] ranges, double alpha) =>
        alpha == 0 ? [.. Enumerable.Repeat(1.0, ranges.Length)] : smoothing.Factors(ranges, alpha);

    private static (double Error, SmoothingChoice Choice) Candidate(SmoothingLoss loss, double alpha, double[] factors, double[]? shifts) =>
        (loss.Of(factors), new SmoothingChoice(alpha, factors, shifts, SqnrDb: 0));
}
