using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Reads the axis and the parts of a <c>Split</c>.</summary>
internal static class SplitParts
{
    /// <summary>Returns the axis that a <c>Split</c> divides, counted from the front if the rank is known.</summary>
    public static long Axis(Site site, NodeProto node, long fallback) =>
        node.GetInt("axis", fallback) is var axis && axis < 0 && site.Rank(node.Input[0]) is { } rank ? axis + rank : axis;

    /// <summary>Returns the sizes of the parts of a <c>Split</c> along its axis; null if they are unknown.</summary>
    public static long[]? Sizes(Site site, NodeProto split)
    {
        if (site.Integers(split, 1, "split") is { } given)
            return given;
        var axis = Axis(site, split, 0);
        if (axis < 0)
            return null;
        var sizes = split.Output.Select(output => site.Shape(output) is { } shape && axis < shape.Length ? shape[axis] : -1).ToArray();
        return sizes.All(size => size >= 0) ? sizes : null;
    }
}
