using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>The window of a convolution or a pooling, with the padding that its attributes result in.</summary>
/// <param name="Input">The sizes of the input; −1 for an unknown size.</param>
/// <param name="Output">The sizes of the output; −1 for an unknown size.</param>
/// <param name="Kernel">The size of the kernel along each spatial axis.</param>
/// <param name="Strides">The stride along each spatial axis.</param>
/// <param name="Dilations">The distance between the taps of the kernel along each spatial axis.</param>
/// <param name="Pads">The padding before each spatial axis, then the padding after each.</param>
/// <param name="Groups">The number of groups of channels.</param>
internal sealed record ConvWindow(long[] Input, long[] Output, long[] Kernel, long[] Strides, long[] Dilations, long[] Pads, long Groups)
{
    /// <summary>The number of spatial axes of the window.</summary>
    public int Rank => Kernel.Length;

    /// <summary>The indices of the spatial axes, from 2 on.</summary>
    public IEnumerable<long> SpatialAxes => Enumerable.Range(2, Rank).Select(axis => (long)axis);

    /// <summary>Reads the window of a node. The kernel of a convolution is that of its weights.</summary>
    /// <exception cref="NoGradientException">The padding depends on sizes that are unknown.</exception>
    public static ConvWindow Of(GradientNode node)
    {
        var input = node.Sizes(node.Input(0));
        var rank = input.Length - 2;
        long[] Ones() => [.. Enumerable.Repeat(1L, rank)];
        var kernel = node.Node.GetInts("kernel_shape") ?? node.Sizes(node.Input(1))[2..];
        var (strides, dilations) = (node.Node.GetInts("strides") ?? Ones(), node.Node.GetInts("dilations") ?? Ones());
        var window = new ConvWindow(input, node.Sizes(node.Output()), kernel, strides, dilations, new long[2 * rank], node.Node.GetInt("group", 1));
        return node.Node.GetString("auto_pad", "NOTSET") switch
        {
            "NOTSET" => window with { Pads = node.Node.GetInts("pads") ?? window.Pads },
            "VALID" => window,
            var same => window with { Pads = window.SamePads(isMoreAfter: same == "SAME_UPPER") },
        };
    }

    /// <summary>The distance between the first and the last tap of the kernel along a spatial axis.</summary>
    public long Reach(int axis) => Dilations[axis] * (Kernel[axis] - 1);

    /// <summary>Returns the padding with which a convolution of the output has the size of the input; null if some padding is larger than the kernel.</summary>
    public long[]? FullPads()
    {
        long[] pads = [.. Enumerable.Range(0, 2 * Rank).Select(i => Reach(i % Rank) - Pads[i])];
        return pads.All(pad => pad >= 0) ? pads : null;
    }

    /// <summary>Returns the number of elements at the end of each spatial axis of the padded input that no window covers completely.</summary>
    /// <exception cref="NoGradientException">The sizes are unknown.</exception>
    public long[] OutputPadding()
    {
        RequireSizes();
        return [.. Enumerable.Range(0, Rank).Select(Uncovered)];
    }

    /// <summary>Throws an exception if a spatial size of the window is unknown.</summary>
    /// <exception cref="NoGradientException">The sizes are unknown.</exception>
    public void RequireSizes()
    {
        if (Input.Skip(2).Concat(Output.Skip(2)).Any(size => size < 0))
            throw new NoGradientException("the spatial sizes of its input are not fixed");
    }

    private long Uncovered(int axis) => Input[axis + 2] + Pads[axis] + Pads[axis + Rank] - Reach(axis) - 1 - (Output[axis + 2] - 1) * Strides[axis];

    private long[] SamePads(bool isMoreAfter)
    {
        RequireSizes();
        var pads = new long[2 * Rank];
        for (var axis = 0; axis < Rank; axis++)
        {
            var total = Math.Max(0, (Output[axis + 2] - 1) * Strides[axis] + Reach(axis) + 1 - Input[axis + 2]);
            pads[axis] = isMoreAfter ? total / 2 : total - total / 2;
            pads[axis + Rank] = total - pads[axis];
        }

        return pads;
    }
}
