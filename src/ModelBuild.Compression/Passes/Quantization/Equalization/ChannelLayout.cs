using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// The positions of the weights of each pair of an output and an input channel in memory. Element k of the pair (o, i), with i counted within the group, is at
/// o·OutputStride + i·InputStride + k.
/// </summary>
/// <param name="Outputs">All output channels.</param>
/// <param name="InputsOfGroup">The input channels that one output channel reads.</param>
/// <param name="Groups">The number of groups.</param>
/// <param name="OutputStride">The distance from one output channel to the next.</param>
/// <param name="InputStride">The distance from one input channel to the next.</param>
/// <param name="Kernel">The number of weights of one pair of channels, which are contiguous.</param>
/// <param name="Spatial">The number of axes after the channel axis of the layer's input and output.</param>
internal sealed record ChannelLayout(int Outputs, int InputsOfGroup, int Groups, int OutputStride, int InputStride, int Kernel, int Spatial)
{
    /// <summary>The number of output channels of one group.</summary>
    public int OutputsOfGroup => Outputs / Groups;

    /// <summary>Returns the layout of a layer's weights; null if it is not supported.</summary>
    public static ChannelLayout? Of(NodeProto node, TensorProto weight)
    {
        if (weight.Dims.Count < 2 || weight.Dims.Any(size => size is 0 or > int.MaxValue))
            return null;
        var (first, second) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        var kernel = (int)(weight.ElementCount() / first / second);
        var found = WeightedOperator.FindLinear(node);
        var groups = found?.Groups(node) ?? 1;
        return found?.Kind switch
        {
            WeightedKind.Convolution when groups > 0 && first % groups == 0 => ByRows(groups, weight.Dims.Count - 2),
            WeightedKind.TransposedConvolution when groups == 1 => ByColumns(weight.Dims.Count - 2),
            WeightedKind.Product when weight.Dims.Count == 2 && !found.IsInputTransposed(node) => found.OutputAxis(node) == 0 ? ByRows(1, 0) : ByColumns(0),
            _ => null,
        };
        ChannelLayout ByRows(int count, int spatial) => new(first, second, count, second * kernel, kernel, kernel, spatial);
        ChannelLayout ByColumns(int spatial) => new(second, first, 1, kernel, second * kernel, kernel, spatial);
    }

    /// <summary>Returns the largest magnitude of each pair of channels, [outputs, inputs of a group].</summary>
    public float[] Magnitudes(ReadOnlySpan<float> weights)
    {
        var magnitudes = new float[Outputs * InputsOfGroup];
        for (var o = 0; o < Outputs; o++)
        for (var i = 0; i < InputsOfGroup; i++)
            foreach (var weight in weights.Slice(o * OutputStride + i * InputStride, Kernel))
                magnitudes[o * InputsOfGroup + i] = Math.Max(magnitudes[o * InputsOfGroup + i], Math.Abs(weight));
        return magnitudes;
    }

    /// <summary>Returns the output of each channel without the bias if every input channel is constant.</summary>
    public double[] Respond(ReadOnlySpan<float> weights, ReadOnlySpan<double> inputs)
    {
        var outputs = new double[Outputs];
        for (var o = 0; o < Outputs; o++)
        for (var i = 0; i < InputsOfGroup; i++)
            foreach (var weight in weights.Slice(o * OutputStride + i * InputStride, Kernel))
                outputs[o] += weight * inputs[o / OutputsOfGroup * InputsOfGroup + i];
        return outputs;
    }

    /// <summary>Divides the weights of each output channel by a factor and multiplies those of each input channel by a factor, in float64.</summary>
    public void Scale(Span<float> weights, ReadOnlySpan<double> outputs, ReadOnlySpan<double> inputs)
    {
        for (var o = 0; o < Outputs; o++)
        for (var i = 0; i < InputsOfGroup; i++)
        {
            var factor = inputs[o / OutputsOfGroup * InputsOfGroup + i] / outputs[o];
            foreach (ref var weight in weights.Slice(o * OutputStride + i * InputStride, Kernel))
                weight = (float)(weight * factor);
        }
    }
}
