using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Two layers and the nodes between them. The channels of the first layer may be divided by factors, if the weights of the second layer are multiplied by the
/// same factors.
/// </summary>
/// <param name="Producer">The first layer.</param>
/// <param name="Consumer">The second layer.</param>
/// <param name="Repeat">The number of adjacent inputs of the consumer for one channel: more than 1 after a Flatten.</param>
/// <param name="Activation">The value whose channels are scaled, after the last activation function.</param>
/// <param name="Between">The nodes between the layers, in topological order.</param>
/// <param name="Additions">The nodes between the layers that add a constant, and the index of the constant.</param>
/// <param name="Clip">A Clip from 0 to a bound between the layers; null if there is none.</param>
/// <param name="Bound">The bound.</param>
/// <param name="ReluInput">
/// The value before a Relu, if a number subtracted from it also decreases the consumer's input by that number unless the Relu cuts the value off; otherwise
/// null.
/// </param>
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
    /// <summary>The number of channels of the activation between the two layers.</summary>
    public int Channels => Producer.Outputs;

    /// <summary>Returns the largest magnitude among the weights that multiply a channel with the present factors.</summary>
    public double ConsumerRange(int channel, ReadOnlySpan<double> divisors = default)
    {
        var largest = 0.0;
        for (var input = channel * Repeat; input < (channel + 1) * Repeat; input++)
            largest = Math.Max(largest, Consumer.InputRange(input, divisors));
        return largest;
    }

    /// <summary>Divides a channel by a factor, and multiplies the weights that read it.</summary>
    public void Scale(int channel, double factor)
    {
        Producer.OutputFactors[channel] *= factor;
        for (var input = channel * Repeat; input < (channel + 1) * Repeat; input++)
            Consumer.InputFactors[input] *= factor;
    }

    /// <summary>Removes all factors of the seam, so that its layers have their original weights.</summary>
    public void Reset()
    {
        Array.Fill(Producer.OutputFactors, 1);
        Array.Fill(Consumer.InputFactors, 1);
    }
}
