using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>
/// Reads transposed convolutions as matrix products. The row of an output position holds, for each input channel and kernel element, the input that this
/// element multiplies for the position, or 0 between strides and outside the borders (ONNX ConvTranspose: output_padding, output_shape, pads, auto_pad).
/// </summary>
internal sealed class ConvTransposeRows : ConvRows
{
    private readonly int[] _outputPadding;
    private readonly bool _hasOutputShape;

    /// <param name="node">The ConvTranspose node.</param>
    /// <param name="weightShape">The shape [input channels, outputs of a group, kernel…].</param>
    /// <param name="groups">The number of groups.</param>
    /// <param name="outputChannels">The output channels that are the targets; null for all.</param>
    public ConvTransposeRows(NodeProto node, IReadOnlyList<long> weightShape, int groups, int[]? outputChannels)
        : base(node, [weightShape[1] * groups, weightShape[0] / groups, .. weightShape.Skip(2)], groups, outputChannels)
    {
        _outputPadding = Numbers(node, "output_padding", 0, Kernel.Length);
        _hasOutputShape = node.GetInts("output_shape") is { Length: > 0 };
    }

    /// <inheritdoc/>
    protected override int Place(int axis, int output, int element, int pad)
    {
        var spread = output + pad - element * Dilations[axis];
        return spread >= 0 && spread % Strides[axis] == 0 ? spread / Strides[axis] : -1;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The elements that a given output size or SAME removes are divided between both sides. An odd element is removed before the axis, or after it with
    /// SAME_UPPER.
    /// </remarks>
    protected override int[] Pads(int[] sizes, int[] outputSizes)
    {
        var isSame = AutoPad.StartsWith("SAME", StringComparison.Ordinal);
        if (!_hasOutputShape && !isSame)
            return base.Pads(sizes, outputSizes);
        var pads = new int[sizes.Length];
        for (var axis = 0; axis < pads.Length; axis++)
        {
            var size = _hasOutputShape ? outputSizes[axis] : sizes[axis] * Strides[axis];
            var all = Math.Max(0, (sizes[axis] - 1) * Strides[axis] + _outputPadding[axis] + (Kernel[axis] - 1) * Dilations[axis] + 1 - size);
            pads[axis] = AutoPad == "SAME_UPPER" ? all / 2 : (all + 1) / 2;
        }

        return pads;
    }
}
