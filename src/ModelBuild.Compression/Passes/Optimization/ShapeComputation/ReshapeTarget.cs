using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.ShapeComputation;

/// <summary>
/// Replaces the computed shape of a <c>Reshape</c> by a constant if all sizes but one are known or are sizes of the input: 0 copies a size, −1 stands for the
/// unknown one. ONNX Runtime's fusions for transformers match shapes in this form.
/// </summary>
internal sealed class ReshapeTarget() : Pattern<long[]>("computed shapes replaced by constants", "Reshape")
{
    private const long Unknown = -1;

    protected override long[]? Match(Site site)
    {
        var node = site.Node;
        if (site.Opset < 5 || node.Input.Count != 2 || site.Constant(node.Input[1]) is not null || node.GetInt("allowzero") != 0)
            return null;
        var parts = Parts(site, node.Input[1]);
        var rank = parts?.Count ?? site.Rank(node.Output[0]);
        if (rank is null)
            return null;
        var target = Enumerable.Range(0, rank.Value).Select(axis => Size(site, axis, parts?[axis])).ToArray();
        return target.Count(size => size == Unknown) <= 1 ? target : null;
    }

    protected override void Rewrite(Site site, long[] match) => site.Scope.SetInput(site.Node, 1, site.Add($"{site.Node.Output[0]}_shape", match));

    private static long Size(Site site, int axis, string? part)
    {
        var (source, result) = (site.Node.Input[0], site.Node.Output[0]);
        var given = part is null ? null : site.Integers(part);
        if (given is [var number])
            return number;
        var reference = part is null ? null : SizeReference.Of(site, part);
        // A target size may be 0, which copies the size of the source, only if the source is known to have this size on the same axis.
        var isCopy =
            (reference is { } size && site.AreSame(size.Source, size.Axis, source, axis)) || (given is null && site.AreSame(source, axis, result, axis));
        if (isCopy)
            return 0;
        return site.Shape(result) is { } shape && axis < shape.Length && shape[axis] > 0 ? shape[axis] : Unknown;
    }

    // Returns the lists of one element that the target shape is concatenated from; null if the shape is computed in another way.
    private static IReadOnlyList<string>? Parts(Site site, string shape)
    {
        if (site.Producer(shape, "Concat") is not { } concat)
            return null;
        return concat.Input.All(value =>
            site.Constant(value) is { } constant ? constant.ElementCount() == 1 : site.Shape(value) is [1] || SizeReference.Of(site, value) is not null
        )
            ? [.. concat.Input]
            : null;
    }
}
