using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Resampling;

/// <summary>
/// The gradient of Pad. In the mode constant, it is the gradient of the output without the padding, and the gradient of the constant is the sum of the rest.
/// The other modes are linear maps along each padded axis, and the gradient is the product with the transposed maps.
/// </summary>
internal sealed class PadGradient : IGradient
{
    public string? WhyNot(GradientNode node) =>
        node.Node.GetString("mode", "constant") == "constant" ? null
        : node.Constant(1) is null ? "its padding is computed"
        : node.Has(3) && node.Constant(3) is null ? "its axes are computed"
        : null;

    public void Differentiate(GradientNode node)
    {
        if (node.Node.GetString("mode", "constant") != "constant")
        {
            node.Add(0, AxisMatrix.Transpose(node, node.Gradient(), node.Sizes(node.Output()), Maps(node)));
            return;
        }

        string[] axes = node.Has(3) ? ["", node.Input(3)] : [];
        var kept = node.Emit("Pad", [node.Gradient(), node.Emit("Neg", [node.Input(1)]), .. axes]);
        if (node.Needs(0))
            node.Add(0, kept);
        if (!node.Needs(2))
            return;
        var (all, inner) = (node.Emit("ReduceSum", [node.Gradient()], ("keepdims", 0L)), node.Emit("ReduceSum", [kept], ("keepdims", 0L)));
        node.Add(2, node.Reshape(node.Emit("Sub", [all, inner]), node.Input(2)));
    }

    private static IEnumerable<AxisMatrix> Maps(GradientNode node)
    {
        var sizes = node.Sizes(node.Input(0));
        var pads = node.Constant(1)!.Span<long>().ToArray();
        int[] axes = node.Constant(3) is { } given ? [.. Axes(given).Select(axis => node.Axis(axis, node.Input(0)))] : [.. Enumerable.Range(0, sizes.Length)];
        foreach (var (place, axis) in axes.Index())
        {
            var (before, after) = (pads[place], pads[place + axes.Length]);
            if (before == 0 && after == 0)
                continue;
            if (sizes[axis] < 0)
                throw new NoGradientException("the sizes of its input are not fixed");
            var single = Nodes.Create("Pad", ["x", "pads"], ["y"], attributes: ("mode", node.Node.GetString("mode")));
            yield return AxisMatrix.Of(node, axis, single, [sizes[axis], sizes[axis]], Tensors.Create("pads", [4], new[] { 0, before, 0, after }));
        }
    }

    private static long[] Axes(TensorProto axes) =>
        axes.DataType == (int)TensorProto.Types.DataType.Int32 ? [.. axes.Span<int>().ToArray().Select(axis => (long)axis)] : axes.Span<long>().ToArray();
}
