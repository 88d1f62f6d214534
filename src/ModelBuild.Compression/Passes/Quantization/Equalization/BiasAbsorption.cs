using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Absorbs high biases (Nagel et al. 2019, arXiv 1906.04721, section 4.1.3). If a channel before a Relu is never less than c &gt; 0, c is subtracted from its
/// bias, and W·c is added to the bias of the next layer. The range of quantized values then need not include the offset. The result is exact for every input
/// whose channels stay above c, as the calibration data does.
/// </summary>
internal static class BiasAbsorption
{
    /// <summary>
    /// Returns whether both layers of a seam in <paramref name="scope"/> can have the bias, and every output of the second layer reads every channel equally
    /// often.
    /// </summary>
    public static bool Fits(Graph scope, Seam seam) =>
        seam.ReluInput is not null
        && (seam.Consumer.Node.InputAt(2) is not { Length: > 0 } bias || ChannelConstant.IsDivisible(scope, bias, seam.Consumer.Outputs, spatial: 0))
        && WeightedOperator.Of(seam.Producer.Node).BiasInput is not null
        && WeightedOperator.Of(seam.Consumer.Node) is { BiasInput: not null, Kind: not WeightedKind.TransposedConvolution }
        && new[] { seam.Producer.Node, seam.Consumer.Node }.All(node => WeightedOperator.Of(node).Beta(node) == 1)
        && seam.Consumer.Node.GetString("auto_pad", "NOTSET") is "NOTSET" or "VALID"
        && (seam.Consumer.Node.GetInts("pads") ?? []).All(pad => pad == 0);

    /// <summary>Absorbs the bias of all channels that are always positive; returns false if there are none.</summary>
    /// <param name="scope">The scope of the seam's nodes.</param>
    /// <param name="seam">A seam that <see cref="Fits"/> accepts, whose channels are not scaled yet.</param>
    /// <param name="statistics">The statistics of <see cref="Seam.ReluInput"/> for each channel.</param>
    public static bool Absorb(Graph scope, Seam seam, TensorStatistics statistics)
    {
        var least = statistics.ChannelMin!.Select(min => Math.Max(0.0, min)).ToArray();
        if (least.All(value => value == 0))
            return false;
        seam.Consumer.AddToBias(scope, seam.Consumer.Respond(scope, [.. least.SelectMany(value => Enumerable.Repeat(value, seam.Repeat))]));
        seam.Producer.AddToBias(scope, [.. least.Select(value => -value)]);
        return true;
    }
}
