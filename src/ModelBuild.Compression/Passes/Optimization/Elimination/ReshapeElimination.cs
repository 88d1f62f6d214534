using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>
/// Removes <c>Reshape</c>, <c>Flatten</c>, <c>Squeeze</c> and <c>Unsqueeze</c> to the shape that the value already has. One size of the shape may be unknown,
/// because the number of elements determines it.
/// </summary>
internal sealed class ReshapeElimination() : NoEffectPattern("reshapes to the same shape removed", "Reshape", "Flatten", "Squeeze", "Unsqueeze")
{
    protected override string? Same(Site site)
    {
        var (source, result) = (site.Node.Input[0], site.Node.Output[0]);
        if (site.Shape(source) is not { } shape)
            return null;
        if (site.Shape(result) is { } reshaped && reshaped.Length == shape.Length && IsSame(site, source, result, shape))
            return source;
        return
            site.Node.OpType == "Reshape"
            && site.Integers(site.Node, 1, "shape") is { } target
            && target.Length == shape.Length
            && IsCopy(site.Node, target, shape)
            ? source
            : null;
    }

    private static bool IsSame(Site site, string source, string result, long[] shape)
    {
        var reshaped = site.Shape(result)!;
        int[] others = [.. Enumerable.Range(0, shape.Length).Where(axis => !site.AreSame(source, axis, result, axis))];
        return !shape.Contains(0) && others.Length <= 1 && others.All(axis => shape[axis] < 0 || reshaped[axis] < 0);
    }

    // Returns whether a target shape copies all sizes of the input. In the target, 0 copies a size, and one −1 stands for the size that the number of elements
    // determines.
    private static bool IsCopy(NodeProto node, long[] target, long[] shape)
    {
        long[] others = [.. target.Where((size, axis) => size == -1 || (size != 0 && size != shape[axis]))];
        return node.GetInt("allowzero") == 0 && !shape.Contains(0) && others is [] or [-1];
    }
}
