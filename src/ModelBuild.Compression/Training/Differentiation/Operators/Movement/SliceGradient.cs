using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of Slice: the gradient is padded with zeros if the slice is a known block, and scattered otherwise.</summary>
internal sealed class SliceGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        if (Pads(node) is { } pads)
            node.Add(0, node.Emit("Pad", [node.Gradient(), node.Integers(pads)]));
        else
            Scattering.Differentiate(node, positions => node.Emit("Slice", [positions, .. node.Node.Input.Skip(1)]));
    }

    // Returns the numbers of elements before and after the sliced block on each axis; null if the numbers are not known, or if the slice is not a contiguous
    // block.
    private static long[]? Pads(GradientNode node)
    {
        var (sizes, result) = (node.Sizes(node.Input(0)), node.Sizes(node.Output()));
        if (Integers(node, 1) is not { } starts || (node.Has(4) && !(Integers(node, 4) is { } steps && steps.All(step => step == 1))))
            return null;
        var axes = node.Has(3) ? Integers(node, 3) : [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        if (axes is null || sizes.Concat(result).Any(size => size < 0))
            return null;
        var before = new long[sizes.Length];
        foreach (var (start, axis) in starts.Zip(axes.Select(axis => node.Axis(axis, node.Input(0)))))
            before[axis] = Math.Clamp(start < 0 ? start + sizes[axis] : start, 0, sizes[axis]);
        return [.. before, .. sizes.Select((size, axis) => size - result[axis] - before[axis])];
    }

    private static long[]? Integers(GradientNode node, int input) =>
        node.Constant(input) is not { } tensor ? null
        : tensor.DataType == (int)DataType.Int32 ? Array.ConvertAll(tensor.Span<int>().ToArray(), value => (long)value)
        : tensor.Span<long>().ToArray();
}
