namespace ModelBuild.Compression.Training.Differentiation.Operators.Convolutions;

/// <summary>
/// The gradient of ConvTranspose with any rank, stride, dilation and number of groups. The operator is the transposed map of a convolution, so that the
/// gradient of its input is this convolution of the gradient, and the gradient of its weights is that of the convolution with the input and the gradient in
/// exchanged roles.
/// </summary>
internal sealed class ConvTransposeGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var window = TransposedWindow.Of(node);
        if (node.Needs(0))
            node.Add(0, InputGradient(node, window));
        if (node.Needs(1))
            node.Add(1, ConvWeightNodes.Emit(node, window, node.Gradient(), node.Input(0)));
        if (node.Needs(2))
            node.Add(2, node.Emit("ReduceSum", [node.Gradient(), node.Integers([0, .. window.SpatialAxes])], ("keepdims", 0L)));
    }

    private static string InputGradient(GradientNode node, ConvWindow window) =>
        node.Emit(
            "Conv",
            [node.Gradient(), node.Input(1)],
            ("kernel_shape", window.Kernel),
            ("strides", window.Strides),
            ("dilations", window.Dilations),
            ("pads", window.Pads),
            ("group", window.Groups)
        );
}
