using ModelBuild.Compression.Calibration;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>
/// Convolutions over any number of spatial axes as matrix products (im2col): the row of a position is the patch that the kernel covers there, channel by channel, with 0 where it
/// reaches beyond the borders (ONNX Conv: kernel_shape, strides, dilations, pads, auto_pad, group).
/// </summary>
internal sealed class ConvRows : LayerRows
{
    private readonly int[] _kernel;
    private readonly int[] _strides;
    private readonly int[] _dilations;
    private readonly int[] _pads;
    private readonly string _autoPad;
    private readonly int _channels;
    private readonly int _outputs;
    private readonly int[]? _outputChannels;

    /// <param name="conv">The node.</param>
    /// <param name="weightShape">[outputs, input channels of a group, kernel…].</param>
    /// <param name="groups">The number of groups.</param>
    /// <param name="outputChannels">Which output channels are the targets; null for all.</param>
    public ConvRows(NodeProto conv, IReadOnlyList<long> weightShape, int groups, int[]? outputChannels)
    {
        _kernel = [.. weightShape.Skip(2).Select(size => (int)size)];
        _strides = Numbers(conv, "strides", 1, _kernel.Length);
        _dilations = Numbers(conv, "dilations", 1, _kernel.Length);
        _pads = Numbers(conv, "pads", 0, 2 * _kernel.Length);
        _autoPad = conv.GetString("auto_pad", "NOTSET");
        _channels = (int)weightShape[1];
        _outputs = (int)(weightShape[0] / groups);
        _outputChannels = outputChannels;
    }

    /// <inheritdoc/>
    public override long Count(ReadOnlySpan<long> outputShape)
    {
        var count = outputShape[0];
        foreach (var size in outputShape[2..])
            count *= size;
        return count;
    }

    /// <inheritdoc/>
    protected override float[] Inputs(SampleArray x, long[] outputShape, int group, List<long> positions)
    {
        var sizes = Sizes(x.Shape);
        var outputSizes = Sizes(outputShape);
        var pads = Pads(sizes, outputSizes);
        var (area, outputArea) = (Product(sizes), Product(outputSizes));
        var patch = Product(_kernel);
        var offsets = new int[patch];
        var rows = new float[positions.Count * _channels * patch];
        var data = x.Floats;
        for (var row = 0; row < positions.Count; row++)
        {
            var (image, position) = Math.DivRem(positions[row], outputArea);
            Offsets((int)position, sizes, outputSizes, pads, offsets);
            for (var channel = 0; channel < _channels; channel++)
            {
                var plane = data.Slice((int)((image * x.Shape[1] + group * _channels + channel) * area), area);
                var target = rows.AsSpan((row * _channels + channel) * patch, patch);
                for (var i = 0; i < patch; i++)
                    target[i] = offsets[i] < 0 ? 0 : plane[offsets[i]];
            }
        }

        return rows;
    }

    /// <inheritdoc/>
    protected override float[] Targets(SampleArray y, int group, List<long> positions)
    {
        var area = Product(Sizes(y.Shape));
        var rows = new float[positions.Count * _outputs];
        var data = y.Floats;
        for (var row = 0; row < positions.Count; row++)
        {
            var (image, position) = Math.DivRem(positions[row], area);
            for (var channel = 0; channel < _outputs; channel++)
            {
                var target = group * _outputs + channel;
                rows[row * _outputs + channel] = data[(int)((image * y.Shape[1] + (_outputChannels is null ? target : _outputChannels[target])) * area + position)];
            }
        }

        return rows;
    }

    // Where in a channel's plane each element of the kernel lies; −1 beyond its borders.
    private void Offsets(int position, int[] sizes, int[] outputSizes, int[] pads, int[] offsets)
    {
        Array.Clear(offsets);
        var (planeStride, repeat) = (1, 1);
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            var start = position % outputSizes[axis] * _strides[axis] - pads[axis];
            position /= outputSizes[axis];
            for (var i = 0; i < offsets.Length; i++)
            {
                var place = start + i / repeat % _kernel[axis] * _dilations[axis];
                offsets[i] = offsets[i] < 0 || place < 0 || place >= sizes[axis] ? -1 : offsets[i] + place * planeStride;
            }

            planeStride *= sizes[axis];
            repeat *= _kernel[axis];
        }
    }

    // The padding before each axis. SAME pads what the output's size asks for, the odd one behind (UPPER) or in front (LOWER).
    private int[] Pads(int[] sizes, int[] outputSizes)
    {
        if (_autoPad is "NOTSET" or "")
            return _pads[..sizes.Length];
        var pads = new int[sizes.Length];
        if (_autoPad == "VALID")
            return pads;
        for (var axis = 0; axis < pads.Length; axis++)
        {
            var all = Math.Max(0, (outputSizes[axis] - 1) * _strides[axis] + (_kernel[axis] - 1) * _dilations[axis] + 1 - sizes[axis]);
            pads[axis] = _autoPad == "SAME_LOWER" ? (all + 1) / 2 : all / 2;
        }

        return pads;
    }

    private static int[] Sizes(long[] shape) => [.. shape.Skip(2).Select(size => (int)size)];

    private static int Product(int[] sizes) => sizes.Aggregate(1, (a, b) => a * b);

    private static int[] Numbers(NodeProto node, string name, long otherwise, int count) =>
        node.GetInts(name) is { Length: > 0 } numbers ? [.. numbers.Select(number => (int)number)] : [.. Enumerable.Repeat((int)otherwise, count)];
}
