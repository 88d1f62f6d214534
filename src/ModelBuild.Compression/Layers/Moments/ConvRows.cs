using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>
/// Reads convolutions with any number of spatial axes as matrix products (im2col). The row of a position is the patch under the kernel, channel by channel,
/// with 0 outside the borders (ONNX Conv: kernel_shape, strides, dilations, pads, auto_pad, group).
/// </summary>
internal class ConvRows : LayerRows
{
    private readonly int _channels;
    private readonly int _outputs;
    private readonly int[]? _outputChannels;

    /// <param name="conv">The Conv node.</param>
    /// <param name="weightShape">The shape of the weights: [outputs, input channels of a group, kernel…].</param>
    /// <param name="groups">The number of groups.</param>
    /// <param name="outputChannels">The output channels that are the targets; null for all.</param>
    public ConvRows(NodeProto conv, IReadOnlyList<long> weightShape, int groups, int[]? outputChannels)
    {
        Kernel = [.. weightShape.Skip(2).Select(size => (int)size)];
        Strides = Numbers(conv, "strides", 1, Kernel.Length);
        Dilations = Numbers(conv, "dilations", 1, Kernel.Length);
        ExplicitPads = Numbers(conv, "pads", 0, 2 * Kernel.Length);
        AutoPad = conv.GetString("auto_pad", "NOTSET");
        _channels = (int)weightShape[1];
        _outputs = (int)(weightShape[0] / groups);
        _outputChannels = outputChannels;
    }

    /// <summary>The size of the convolution's kernel along each spatial axis, in elements.</summary>
    protected int[] Kernel { get; }

    /// <summary>The step of the convolution along each spatial axis, in input positions.</summary>
    protected int[] Strides { get; }

    /// <summary>The distance between kernel elements along each spatial axis.</summary>
    protected int[] Dilations { get; }

    /// <summary>The attribute <c>pads</c>: the padding before each spatial axis, then the padding after each.</summary>
    protected int[] ExplicitPads { get; }

    /// <summary>The attribute <c>auto_pad</c> of the convolution, which determines the padding unless it is <c>NOTSET</c>.</summary>
    protected string AutoPad { get; }

    /// <inheritdoc/>
    public override long Count(ReadOnlySpan<long> outputShape)
    {
        var count = outputShape[0];
        foreach (var size in outputShape[2..])
            count *= size;
        return count;
    }

    /// <inheritdoc/>
    protected override float[] Inputs(FloatView x, long[] outputShape, int group, List<long> positions)
    {
        var sizes = Sizes(x.Shape);
        var outputSizes = Sizes(outputShape);
        var pads = Pads(sizes, outputSizes);
        var (area, outputArea) = (Product(sizes), Product(outputSizes));
        var patch = Product(Kernel);
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
    protected override float[] Targets(FloatView y, int group, List<long> positions)
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
                rows[row * _outputs + channel] = data[
                    (int)((image * y.Shape[1] + (_outputChannels is null ? target : _outputChannels[target])) * area + position)
                ];
            }
        }

        return rows;
    }

    // Computes the offset of each kernel element in the plane of a channel for an output position. The offset is −1 if the element lies outside the borders.
    private void Offsets(int position, int[] sizes, int[] outputSizes, int[] pads, int[] offsets)
    {
        Array.Clear(offsets);
        var (planeStride, repeat) = (1, 1);
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            var output = position % outputSizes[axis];
            position /= outputSizes[axis];
            for (var i = 0; i < offsets.Length; i++)
            {
                var place = Place(axis, output, i / repeat % Kernel[axis], pads[axis]);
                offsets[i] = offsets[i] < 0 || place < 0 || place >= sizes[axis] ? -1 : offsets[i] + place * planeStride;
            }

            planeStride *= sizes[axis];
            repeat *= Kernel[axis];
        }
    }

    /// <summary>
    /// Returns the input position along a spatial axis that a kernel element multiplies for an output position. A position outside the axis means that the
    /// element multiplies nothing.
    /// </summary>
    /// <param name="axis">The axis.</param>
    /// <param name="output">The output position along the axis.</param>
    /// <param name="element">The index of the kernel element along the axis.</param>
    /// <param name="pad">The padding before the axis.</param>
    protected virtual int Place(int axis, int output, int element, int pad) => output * Strides[axis] - pad + element * Dilations[axis];

    /// <summary>
    /// Returns the padding before each axis. SAME pads as the output size requires. An odd element is added after the axis (UPPER) or before it (LOWER).
    /// </summary>
    /// <param name="sizes">The sizes of the input's spatial axes.</param>
    /// <param name="outputSizes">The sizes of the output's spatial axes.</param>
    protected virtual int[] Pads(int[] sizes, int[] outputSizes)
    {
        if (AutoPad is "NOTSET" or "")
            return ExplicitPads[..sizes.Length];
        var pads = new int[sizes.Length];
        if (AutoPad == "VALID")
            return pads;
        for (var axis = 0; axis < pads.Length; axis++)
        {
            var all = Math.Max(0, (outputSizes[axis] - 1) * Strides[axis] + (Kernel[axis] - 1) * Dilations[axis] + 1 - sizes[axis]);
            pads[axis] = AutoPad == "SAME_LOWER" ? (all + 1) / 2 : all / 2;
        }

        return pads;
    }

    private static int[] Sizes(long[] shape) => [.. shape.Skip(2).Select(size => (int)size)];

    private static int Product(int[] sizes) => sizes.Aggregate(1, (a, b) => a * b);

    /// <summary>Returns the values of an attribute, or the default for each axis.</summary>
    protected static int[] Numbers(NodeProto node, string name, long otherwise, int count) =>
        node.GetInts(name) is { Length: > 0 } numbers ? [.. numbers.Select(number => (int)number)] : [.. Enumerable.Repeat((int)otherwise, count)];
}
