namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>
/// The gradient of the weights of a convolution. It is a convolution as well: the batch and the channels of the input change places, the gradient of the
/// output is the kernel, and strides and dilations change places.
/// </summary>
internal static class ConvWeightNodes
{
    /// <summary>Adds the nodes, and returns the name of the gradient, which has the shape [outputs, inputs of a group, kernel…].</summary>
    /// <param name="node">The node to which the nodes belong.</param>
    /// <param name="window">The window of the convolution.</param>
    /// <param name="input">The input of the convolution, [batch, channels, …].</param>
    /// <param name="gradient">The gradient of its output.</param>
    public static string Emit(GradientNode node, ConvWindow window, string input, string gradient)
    {
        window.RequireSizes();
        var channels = window.Input[1] / window.Groups;
        var convolved = node.Emit(
            "Conv",
            [BatchAsChannels(node, window, input, channels), OutputsAsKernels(node, window, gradient)],
            ("strides", window.Dilations),
            ("dilations", window.Strides),
            ("pads", window.Pads),
            ("group", window.Groups)
        );
        // If the last elements of the input belong to no complete window, the result has additional positions at the end, which are not elements of the kernel.
        // The additional positions are cut off.
        if (window.OutputPadding() is var rest && rest.Index().Any(size => size.Item >= window.Dilations[size.Index]))
            convolved = node.Emit(
                "Slice",
                [convolved, node.Integers(window.Kernel.Select(_ => 0L)), node.Integers(window.Kernel), node.Integers(window.SpatialAxes)]
            );
        return node.Emit("Transpose", [convolved], ("perm", (long[])[1, 0, .. window.SpatialAxes]));
    }

    // Moves the batch into the channels: [batch, groups·channels, …] becomes [channels, groups·batch, …].
    private static string BatchAsChannels(GradientNode node, ConvWindow window, string input, long channels)
    {
        if (window.Groups == 1)
            return node.Emit("Transpose", [input], ("perm", (long[])[1, 0, .. window.SpatialAxes]));
        var spatial = window.Input[2..];
        var split = node.Emit("Reshape", [input, node.Integers([-1, window.Groups, channels, .. spatial])]);
        var moved = node.Emit("Transpose", [split], ("perm", (long[])[2, 1, 0, .. window.SpatialAxes.Select(axis => axis + 1)]));
        return node.Emit("Reshape", [moved, node.Integers([channels, -1, .. spatial])]);
    }

    // Makes the outputs of the convolution the first axis: [batch, outputs, …] becomes [outputs, batch, …].
    private static string OutputsAsKernels(GradientNode node, ConvWindow window, string gradient) =>
        node.Emit("Transpose", [gradient], ("perm", (long[])[1, 0, .. window.SpatialAxes]));
}
