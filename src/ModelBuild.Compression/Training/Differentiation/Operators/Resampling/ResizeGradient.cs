using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Resampling;

/// <summary>
/// The gradient of Resize, which is a linear map along each axis whose size changes, in every mode. The gradient is the product with the transposed maps.
/// </summary>
internal sealed class ResizeGradient : IGradient
{
    // The index of the resized axis in the value of four axes with which its map is computed, because ONNX Runtime has cubic interpolation for images alone.
    private const int Place = 2;

    public string? WhyNot(GradientNode node) =>
        node.Has(2) && node.Constant(2) is null ? "its scales are computed"
        : IsCrop(node) && node.Constant(1) is null ? "its region is computed"
        : node.Node.GetString("keep_aspect_ratio_policy", "stretch") != "stretch" ? "it keeps the aspect ratio"
        : null;

    public void Differentiate(GradientNode node)
    {
        var (from, to) = (node.Sizes(node.Input(0)), node.Sizes(node.Output()));
        int[] axes = [.. (node.Node.GetInts("axes") ?? [.. from.Index().Select(size => (long)size.Index)]).Select(axis => node.Axis(axis, node.Input(0)))];
        var maps = axes.Index()
            .Where(axis => IsCrop(node) || (Scale(node, axis.Index) is { } scale ? scale != 1 : from[axis.Item] != to[axis.Item] || from[axis.Item] < 0))
            .Select(axis => Map(node, axis.Item, axis.Index, axes.Length));
        node.Add(0, AxisMatrix.Transpose(node, node.Gradient(), to, maps));
    }

    // Returns whether the Resize resizes a region of its input. Otherwise an axis that keeps its size is copied unchanged.
    private static bool IsCrop(GradientNode node) => node.Node.GetString("coordinate_transformation_mode") == "tf_crop_and_resize";

    private static float? Scale(GradientNode node, int place) => node.Constant(2) is { } scales && scales.ElementCount() > 0 ? scales.ToFloats()[place] : null;

    private static AxisMatrix Map(GradientNode node, int axis, int place, int count)
    {
        var (from, to) = (node.Sizes(node.Input(0))[axis], node.Sizes(node.Output())[axis]);
        if (from < 0 || to < 0)
            throw new NoGradientException("the sizes of its input are not fixed");
        var scale = Scale(node, place);
        var single = Nodes.Create("Resize", scale is null ? ["x", "roi", "", "sizes"] : ["x", "roi", "scales"], ["y"]);
        foreach (var attribute in node.Node.Attribute.Where(attribute => attribute.Name is not ("axes" or "extrapolation_value")))
            single.Attribute.Add(attribute.Clone());
        float[] region = [0, 0, 0, 0, 1, 1, 1, 1];
        if (IsCrop(node))
            (region[Place], region[Place + 4]) = (node.Constant(1)!.ToFloats()[place], node.Constant(1)!.ToFloats()[place + count]);
        var size = scale is { } factor ? Tensors.Create("scales", [4], new[] { 1, 1, factor, 1 }) : Tensors.Create("sizes", [4], new[] { from, 1, to, 1 });
        return AxisMatrix.Of(node, axis, single, [from, 1, from, 1], Tensors.Create("roi", [8], region), size);
    }
}
