using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Factors that let the channels of an activation, which share one scale, use more of its range: s = a^α / w^(1 − α) for the calibrated range a of a channel and the largest weight w
/// behind it, relative to the largest of its row (the division of effort of Xiao et al. 2022, arXiv 2211.10438, for weights with a scale for each output channel). Behind a
/// depthwise layer's channels no other weights share their scale, so α is 1 there. The range of the whole activation stays what it is.
/// </summary>
internal static class ActivationFactors
{
    // Data beyond the calibrated range that a Clip must still let through.
    private const double Headroom = 1.1;

    // One channel that is nearly silent on the samples would blow up its bias and its noise.
    private const double MaxFactor = 32;

    /// <summary>Scales the channels of a seam.</summary>
    /// <param name="seam">The seam.</param>
    /// <param name="statistics">Of <see cref="Seam.Activation"/>, with its channels.</param>
    /// <param name="alpha">How much of the effort the activation takes off the weights.</param>
    /// <param name="keepsClip">Whether the seam's Clip stays.</param>
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
            // Never active, or never read.
            if (!double.IsNormal(factor))
                continue;
            factor = Math.Clamp(factor, 1 / MaxFactor, MaxFactor);
            if (seam.Clip is not null && keepsClip)
                factor = Math.Min(1, Math.Max(factor, ranges[channel] * Headroom / seam.Bound));
            seam.Scale(channel, factor);
        }
    }
}
