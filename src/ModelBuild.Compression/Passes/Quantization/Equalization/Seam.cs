using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Two layers and what is between them: the first one's channels may be divided by factors that the second one's weights are multiplied by.</summary>
/// <param name="Producer">The layer in front.</param>
/// <param name="Consumer">The layer behind.</param>
/// <param name="Repeat">How many inputs of the consumer one channel became, side by side: more than 1 behind a Flatten.</param>
/// <param name="Activation">The value whose channels are scaled, behind the last activation function.</param>
/// <param name="Between">The nodes between the layers, in their order.</param>
/// <param name="Additions">Nodes that add a constant on the way, and the index of the constant.</param>
/// <param name="Clip">A Clip from 0 to a bound on the way; null when there is none.</param>
/// <param name="Bound">The bound.</param>
/// <param name="ReluInput">The value in front of a Relu, where what is subtracted from it arrives at the consumer as it is, unless the Relu cuts it off; null where it does not.</param>
internal sealed record Seam(
    LinearLayer Producer,
    LinearLayer Consumer,
    int Repeat,
    string Activation,
    IReadOnlyList<NodeProto> Between,
    IReadOnlyList<(NodeProto Node, int Index)> Additions,
    NodeProto? Clip,
    double Bound,
    string? ReluInput
)
{
    /// <summary>The number of channels.</summary>
    public int Channels => Producer.Outputs;

    /// <summary>The largest magnitude among the weights that multiply a channel, with the factors so far.</summary>
    public double ConsumerRange(int channel, ReadOnlySpan<double> divisors = default)
    {
        var largest = 0.0;
        for (var input = channel * Repeat; input < (channel + 1) * Repeat; input++)
            largest = Math.Max(largest, Consumer.InputRange(input, divisors));
        return largest;
    }

    /// <summary>Divides a channel by a factor, and multiplies the weights behind it.</summary>
    public void Scale(int channel, double factor)
    {
        Producer.OutputFactors[channel] *= factor;
        for (var input = channel * Repeat; input < (channel + 1) * Repeat; input++)
            Consumer.InputFactors[input] *= factor;
    }

    /// <summary>Takes all factors back.</summary>
    public void Reset()
    {
        Array.Fill(Producer.OutputFactors, 1);
        Array.Fill(Consumer.InputFactors, 1);
    }
}
