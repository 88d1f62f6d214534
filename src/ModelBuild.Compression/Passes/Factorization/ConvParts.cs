using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// Writes the attributes of the convolutions that one convolution is divided into (ONNX Conv: kernel_shape, strides, dilations, pads, auto_pad, group).
/// </summary>
internal static class ConvParts
{
    /// <summary>Returns a new convolution with the attributes of another one, without name, inputs and outputs.</summary>
    public static NodeProto Like(NodeProto conv)
    {
        var copy = conv.Clone();
        copy.Name = "";
        copy.Input.Clear();
        copy.Output.Clear();
        return copy;
    }

    /// <summary>Changes the attributes of a convolution to those of a 1 × 1 convolution.</summary>
    /// <param name="conv">The node.</param>
    /// <param name="axes">The number of axes of its kernel.</param>
    public static void MakePointwise(NodeProto conv, int axes)
    {
        foreach (var name in new[] { "strides", "dilations", "pads", "auto_pad", "group" })
            conv.RemoveAttribute(name);
        conv.SetAttribute("kernel_shape", Enumerable.Repeat(1L, axes));
    }

    /// <summary>Reduces a convolution of two axes to one axis: stride, dilation and pads of the other axis are removed.</summary>
    /// <param name="conv">The node.</param>
    /// <param name="axis">0 for (k × 1), 1 for (1 × k).</param>
    /// <param name="size">k.</param>
    public static void KeepAxis(NodeProto conv, int axis, int size)
    {
        var other = 1 - axis;
        conv.SetAttribute("kernel_shape", axis == 0 ? [size, 1L] : new[] { 1L, size });
        Reset(conv, "strides", 1, other);
        Reset(conv, "dilations", 1, other);
        // The paddings of the other axis are removed. The attribute 'pads' contains the paddings before both axes, then those after them. If 'auto_pad' is SAME
        // or VALID instead, it adds no padding along an axis on which the kernel has the size 1.
        Reset(conv, "pads", 0, other, other + 2);
    }

    private static void Reset(NodeProto conv, string name, long value, params int[] places)
    {
        if (conv.GetInts(name) is not { Length: > 0 } numbers)
            return;
        foreach (var place in places)
            numbers[place] = value;
        conv.SetAttribute(name, numbers);
    }
}
