using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Convolutions;

/// <summary>Reads the window of a ConvTranspose node.</summary>
internal static class TransposedWindow
{
    /// <summary>
    /// Returns the window of the convolution of which the node is the transposed map: its input has the shape of the output of the node, and its output has
    /// the shape of the input of the node.
    /// </summary>
    /// <exception cref="NoGradientException">The padding depends on sizes that are unknown.</exception>
    public static ConvWindow Of(GradientNode node)
    {
        var (input, output) = (node.Sizes(node.Input(0)), node.Sizes(node.Output()));
        var rank = input.Length - 2;
        long[] All(long value) => [.. Enumerable.Repeat(value, rank)];
        var kernel = node.Node.GetInts("kernel_shape") ?? node.Sizes(node.Input(1))[2..];
        var (strides, dilations) = (node.Node.GetInts("strides") ?? All(1), node.Node.GetInts("dilations") ?? All(1));
        var window = new ConvWindow(output, input, kernel, strides, dilations, new long[2 * rank], node.Node.GetInt("group", 1));
        var autoPad = node.Node.GetString("auto_pad", "NOTSET");
        if (autoPad == "VALID" && node.Node.GetInts("output_shape") is null)
            return window;
        if (autoPad == "NOTSET" && node.Node.GetInts("output_shape") is null)
            return window with { Pads = node.Node.GetInts("pads") ?? window.Pads };
        window.RequireSizes();
        return window with { Pads = Pads(window, node.Node.GetInts("output_padding") ?? All(0), isMoreAfter: autoPad == "SAME_UPPER") };
    }

    // Returns the padding that follows from the given output size. Without padding, a transposed convolution computes a larger output; the padding is the
    // difference.
    private static long[] Pads(ConvWindow window, long[] added, bool isMoreAfter)
    {
        var pads = new long[2 * window.Rank];
        for (var axis = 0; axis < window.Rank; axis++)
        {
            var complete = (window.Output[axis + 2] - 1) * window.Strides[axis] + added[axis] + window.Reach(axis) + 1;
            var total = Math.Max(0, complete - window.Input[axis + 2]);
            pads[axis] = isMoreAfter ? total / 2 : total - total / 2;
            pads[axis + window.Rank] = total - pads[axis];
        }

        return pads;
    }
}
