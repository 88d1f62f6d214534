using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Computes factors with which the channels of an activation, which share one scale, use more of its range: s = a^α / w^(1 − α) for the calibrated range a of
/// a channel and the largest weight w that multiplies it, relative to the largest weight of its row (Xiao et al. 2022, arXiv 2211.10438, for weights with a
/// scale for each output channel). If the second layer is depthwise, the weights of a channel share their scale with no other channel, so α is 1. The range
/// of the whole activation does not change.
/// </summary>
internal static class ActivationFactors
{
    // The margin beyond the calibrated range, as a factor, for data that a Clip must not cut off.
    private const double Headroom = 1.1;

    // The largest factor of a channel. A channel that is nearly zero on the samples would otherwise get a bias and noise without bound.
    private const double MaxFactor = 32;

    /// <summary>Scales the channels of a seam by the factors that this class computes.</summary>
    /// <param name="seam">The seam.</param>
    /// <param name="statistics">The statistics of <see cref="Seam.Activation"/> for each channel.</param>
    /// <param name="alpha">The share of the difference in range that is moved from the activation to the weights.</param>
    /// <param name="keepsClip">Whether the seam's Clip stays in the graph.</param>
    public static void Equalize(Seam seam, TensorStatistics statistics, double alpha, bool keepsClip)
    {
        var rows = Enumerable.Range(0, seam.Consumer.Outputs).Select(seam.Consumer.OutputRange).Select(range => range > 0 ? range : 1).ToArray();
        var share = seam.Consumer.IsDepthwise ? 1 : alpha;
        var ranges = statistics.ChannelMin!.Zip(statistics.ChannelMax!, (min, max) => Math.Max(max, 0.0) - Math.Min(min, 0.0)).ToArray();
        var factors = ranges.Select((range, channel) => Math.Pow(range, share) / Math.Pow(seam.ConsumerRange(channel, rows), 1 - share)).ToArray();
        var unchanged =
            Enumerable
                .Range(0, ranges.Length)
                .Where(channel => double.IsNormal(factors[channel]))
                .Select(channel => ranges[channel] / factors[channel])
                .DefaultIfEmpty()
                .Max() / ranges.Max();
        for (var channel = 0; channel < factors.Length; channel++)
        {
            var factor = factors[channel] * unchanged;
            // The factor is zero, infinite or NaN if the channel is always zero, or if no weight reads the channel. Such a channel keeps its scale.
            if (!double.IsNormal(factor))
                continue;
            factor = Math.Clamp(factor, 1 / MaxFactor, MaxFactor);
            if (seam.Clip is not null && keepsClip)
                factor = Math.Min(1, Math.Max(factor, ranges[channel] * Headroom / seam.Bound));
            seam.Scale(channel, factor);
        }
    }
}
