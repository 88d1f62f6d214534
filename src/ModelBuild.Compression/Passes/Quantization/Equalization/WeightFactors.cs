namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Computes factors that make the ranges of the weights on both sides of each seam equal: s = √(r₁ / r₂) for the range r₁ of the weights that compute a
/// channel and the range r₂ of the weights that read it (Nagel et al. 2019, equation 11). A depthwise layer belongs to two seams. Iteration until the factors
/// no longer change gives all three layers of such a triple the range ∛(r₁·r₂·r₃).
/// </summary>
internal static class WeightFactors
{
    private const int MaxSweeps = 20;
    private const double Settled = 1e-3;

    /// <summary>Scales the channels of the seams by the factors that this class computes.</summary>
    public static void Equalize(IReadOnlyList<Seam> seams)
    {
        var moved = double.PositiveInfinity;
        for (var sweep = 0; sweep < MaxSweeps && moved > Settled; sweep++)
        {
            moved = 0;
            foreach (var seam in seams)
                for (var channel = 0; channel < seam.Channels; channel++)
                {
                    var ratio = seam.Producer.OutputRange(channel) / seam.ConsumerRange(channel);
                    // A channel whose weights are all zero has no range, so it gets no factor.
                    if (!double.IsNormal(ratio))
                        continue;
                    var factor = Math.Sqrt(ratio);
                    seam.Scale(channel, factor);
                    moved = Math.Max(moved, Math.Abs(factor - 1));
                }
        }
    }
}
