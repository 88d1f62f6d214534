namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The α with which an activation is smoothed.</summary>
/// <param name="Alpha">The share of the range that moves to the weights.</param>
/// <param name="Factors">The divisor of each column.</param>
/// <param name="SqnrDb">The signal-to-quantization-noise ratio in dB of the products of the activation on held-out rows.</param>
internal sealed record SmoothingChoice(double Alpha, double[] Factors, double SqnrDb)
{
    private static readonly double[] Alphas = [0.25, 0.5, 0.65, 0.8];

    /// <summary>Returns the best α; null if no α reduces the error on held-out rows enough.</summary>
    /// <param name="smoothing">The activation.</param>
    /// <param name="ranges">The largest magnitude of each of its columns.</param>
    /// <param name="loss">Computes the int8 error of the products.</param>
    public static SmoothingChoice? Best(Smoothing smoothing, double[] ranges, SmoothingLoss loss)
    {
        var plain = loss.Of([.. Enumerable.Repeat(1.0, ranges.Length)]);
        var (error, alpha, factors) = Alphas
            .Select(alpha => (Alpha: alpha, Factors: smoothing.Factors(ranges, alpha)))
            .Select(candidate => (Error: loss.Of(candidate.Factors), candidate.Alpha, candidate.Factors))
            .MinBy(candidate => candidate.Error);
        return HeldOutGain.IsEnough(plain, error, HeldOutGain.OfCall)
            ? new SmoothingChoice(alpha, factors, Verification.Decibels.Of(loss.Energy, error))
            : null;
    }
}
