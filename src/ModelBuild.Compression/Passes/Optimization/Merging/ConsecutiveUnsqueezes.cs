using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>
/// Merges two <c>Unsqueeze</c> or two <c>Squeeze</c> nodes. The axes of both are counted in the outer shape: if p are the axes of the outer shape that the
/// other node does not insert or remove, in order, the inner axis a is the outer axis p[a].
/// </summary>
internal sealed class ConsecutiveUnsqueezes() : Pattern<ConsecutiveUnsqueezes.Pair>("(un)squeezes merged", "Unsqueeze", "Squeeze")
{
    internal sealed record Pair(NodeProto Inner, long[] Axes);

    protected override Pair? Match(Site site)
    {
        var node = site.Node;
        if (
            site.SoleProducer(node.Input[0], node.OpType) is not { } inner
            || site.Integers(inner, 1, "axes") is not { } first
            || site.Integers(node, 1, "axes") is not { } second
        )
            return null;
        if (AttentionMask.IsWidened(site, inner))
            return null;
        var middle = site.Rank(node.Input[0]);
        var isUnsqueeze = node.OpType == "Unsqueeze";
        // Unsqueeze counts negative axes in its result, and Squeeze in its source, so each list of axes is normalized with the rank that applies to it.
        var inside = Axes.Normalize(first, isUnsqueeze ? middle : site.Rank(inner.Input[0]));
        var outside = Axes.Normalize(second, isUnsqueeze ? middle + second.Length : middle);
        if (inside is null || outside is null)
            return null;
        var (mapped, kept) = isUnsqueeze ? (inside, outside) : (outside, inside);
        return new Pair(inner, [.. mapped.Select(axis => Outer(axis, kept)).Concat(kept).Order()]);
    }

    protected override void Rewrite(Site site, Pair match)
    {
        var merged = site.With(site.Node, match.Axes, asInput: site.Opset >= 13);
        merged.Input[0] = match.Inner.Input[0];
        site.Scope.Replace(site.Node, merged);
        site.Scope.Remove(match.Inner);
    }

    private static long Outer(long axis, long[] taken)
    {
        foreach (var other in taken.Order())
            if (other <= axis)
                axis++;
        return axis;
    }
}
