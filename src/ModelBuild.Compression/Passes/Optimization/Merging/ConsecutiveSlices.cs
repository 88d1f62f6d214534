using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Merges two slices: of different axes in any form, of the same axis if both count from the front in steps of 1.</summary>
internal sealed class ConsecutiveSlices() : Pattern<ConsecutiveSlices.Pair>("slices merged", "Slice")
{
    internal sealed record Pair(NodeProto Inner, SliceRange[] Ranges);

    protected override Pair? Match(Site site)
    {
        if (
            site.SharedProducer(site.Node.Input[0], "Slice") is not { } inner
            || SliceRanges.Of(site, inner) is not { } first
            || SliceRanges.Of(site, site.Node) is not { } second
        )
            return null;
        // Slices with both negative and non-negative axes are not merged, because a negative axis may be the same as an axis that is counted from the front.
        if (first.Concat(second).Any(range => range.Axis < 0) && first.Concat(second).Any(range => range.Axis >= 0))
            return null;
        var merged = first.ToDictionary(range => range.Axis);
        foreach (var range in second)
        {
            var known = merged.GetValueOrDefault(range.Axis);
            if (known is not null && Compose(known, range) is null)
                return null;
            merged[range.Axis] = known is null ? range : Compose(known, range)!;
        }

        return new Pair(inner, [.. merged.Values.OrderBy(range => range.Axis)]);
    }

    protected override void Rewrite(Site site, Pair match) =>
        site.Scope.Replace(site.Node, SliceRanges.Write(site, site.Node, match.Inner.Input[0], match.Ranges));

    private static SliceRange? Compose(SliceRange first, SliceRange second)
    {
        if (first is not { Start: >= 0, End: >= 0, Step: 1 } || second is not { Start: >= 0, End: >= 0, Step: 1 })
            return null;
        // The length of the inner slice limits the outer one. Both ends may be the largest integer, which stands for the end of the axis, so the sums must not
        // overflow.
        var length = first.End - first.Start;
        var end = second.End < length ? first.Start + second.End : first.End;
        return first with { Start = Math.Min(first.Start + Math.Min(second.Start, length), end), End = end };
    }
}
