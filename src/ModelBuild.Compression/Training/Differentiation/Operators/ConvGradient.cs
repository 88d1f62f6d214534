namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Conv with any rank, stride, dilation and number of groups.</summary>
internal sealed class ConvGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var window = ConvWindow.Of(node);
        if (node.Needs(0))
            node.Add(0, InputGradient(node, window));
        if (node.Needs(1))
            node.AddConvWeights(1, ConvWeightNodes.Emit(node, window, node.Input(0), node.Gradient()), window);
        if (node.Needs(2))
            node.Add(2, node.Emit("ReduceSum", [node.Gradient(), node.Integers([0, .. window.SpatialAxes])], ("keepdims", 0L)));
    }

    // Returns the gradient of the input. With stride 1 it is a convolution with the reversed kernel, which ONNX Runtime computes faster than the transposed
    // convolution.
    private static string InputGradient(GradientNode node, ConvWindow window)
    {
        if (window.Groups > 1 || window.Strides.Any(stride => stride != 1) || window.FullPads() is not { } pads)
            return node.Emit(
                "ConvTranspose",
                [node.Gradient(), node.Input(1)],
                ("kernel_shape", window.Kernel),
                ("strides", window.Strides),
                ("dilations", window.Dilations),
                ("pads", window.Pads),
                ("output_padding", window.OutputPadding()),
                ("group", window.Groups)
            );
        long[] order = [1, 0, .. window.SpatialAxes];
        var axes = node.Integers(window.SpatialAxes);
        var backwards = node.Integers(window.Kernel.Select(_ => -1L));
        var reversed = node.Emit("Slice", [node.Input(1), backwards, node.Integers(window.Kernel.Select(_ => long.MinValue)), axes, backwards]);
        return node.Emit(
            "Conv",
            [node.Gradient(), node.Emit("Transpose", [reversed], ("perm", order))],
            ("kernel_shape", window.Kernel),
            ("dilations", window.Dilations),
            ("pads", pads)
        );
    }
}
