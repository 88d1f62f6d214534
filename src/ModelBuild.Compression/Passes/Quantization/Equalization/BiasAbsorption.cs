using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Absorption of high biases (Nagel et al. 2019, arXiv 1906.04721, section 4.1.3): a channel that never falls below c &gt; 0 in front of a Relu gets c taken from its bias, and W·c
/// added to the bias of the layer behind, so that quantized values need not reach from 0. Exact for every input that stays above c, as the calibration data does.
/// </summary>
internal static class BiasAbsorption
{
    /// <summary>In <paramref name="scope"/>, whether both layers of a seam have a bias for it, and every output of the second one reads every channel as often.</summary>
    public static bool Fits(Graph scope, Seam seam) =>
        seam.ReluInput is not null
        && (seam.Consumer.Node.InputAt(2) is not { Length: > 0 } bias || ChannelConstant.IsDivisible(scope, bias, seam.Consumer.Outputs, spatial: 0))
        && seam.Producer.Node.OpType != "MatMul"
        && seam.Consumer.Node.OpType is "Conv" or "Gemm"
        && new[] { seam.Producer.Node, seam.Consumer.Node }.All(node => node.GetFloat("beta", 1) == 1)
        && seam.Consumer.Node.GetString("auto_pad", "NOTSET") is "NOTSET" or "VALID"
        && (seam.Consumer.Node.GetInts("pads") ?? []).All(pad => pad == 0);

    /// <summary>Moves what can be moved; false when no channel is always positive.</summary>
    /// <param name="scope">The scope of the seam's nodes.</param>
    /// <param name="seam">A seam that it <see cref="Fits"/>, whose channels are not scaled yet.</param>
    /// <param name="statistics">Of <see cref="Seam.ReluInput"/>, with its channels.</param>
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
