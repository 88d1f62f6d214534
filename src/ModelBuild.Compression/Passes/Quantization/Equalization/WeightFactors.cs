namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Factors that make the weights' ranges on both sides of each seam alike: s = √(r₁ / r₂) for the ranges r₁ of the channel's weights in front and r₂ of those behind
/// (Nagel et al. 2019, equation 11). A depthwise layer is behind one seam and in front of the next; going round until nothing moves gives all three layers of such a triple the
/// range ∛(r₁·r₂·r₃).
/// </summary>
internal static class WeightFactors
{
    private const int MaxSweeps = 20;
    private const double Settled = 1e-3;

    /// <summary>Scales the seams' channels.</summary>
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
                    // A channel that is never written or never read has no range to make alike.
                    if (!double.IsNormal(ratio))
                        continue;
                    var factor = Math.Sqrt(ratio);
                    seam.Scale(channel, factor);
                    moved = Math.Max(moved, Math.Abs(factor - 1));
                }
        }
    }
}
