using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Merges a reduction without <c>keepdims</c> and <c>Unsqueeze</c>, or a reduction with it and <c>Squeeze</c>, by changing <c>keepdims</c>.</summary>
internal sealed class ReducedDimensions() : Pattern<NodeProto>("(un)squeezes merged into reductions", "Unsqueeze", "Squeeze")
{
    private static readonly string[] Reductions =
    [
        "ReduceMean",
        "ReduceSum",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceSumSquare",
        "ArgMax",
        "ArgMin",
    ];

    protected override NodeProto? Match(Site site)
    {
        var brings = site.Node.OpType == "Unsqueeze";
        if (
            site.SoleProducer(site.Node.Input[0], Reductions) is not { } reduction
            || reduction.GetInt("keepdims", 1) == 1 == brings
            || site.Integers(site.Node, 1, "axes") is not { } axes
        )
            return null;
        var rank = site.Rank(reduction.Input[0]);
        var reduced = Reduced(site, reduction, rank);
        if (reduced is null)
            return null;
        reduced = Axes.Normalize(reduced, rank) ?? reduced;
        axes = Axes.Normalize(axes, rank) ?? axes;
        return reduced.Order().SequenceEqual(axes.Order()) ? reduction : null;
    }

    protected override void Rewrite(Site site, NodeProto match)
    {
        var merged = match.Clone();
        merged.SetAttribute("keepdims", site.Node.OpType == "Unsqueeze" ? 1 : 0);
        merged.Output[0] = site.Node.Output[0];
        site.Scope.Replace(site.Node, merged);
        site.Scope.Remove(match);
    }

    private static long[]? Reduced(Site site, NodeProto reduction, int? rank)
    {
        if (reduction.OpType is "ArgMax" or "ArgMin")
            return [reduction.GetInt("axis")];
        if (reduction.InputAt(1).Length > 0 || reduction.Attribute("axes") is not null)
            return site.Integers(reduction, 1, "axes") is { Length: > 0 } axes ? axes : null;
        return rank is { } all && reduction.GetInt("noop_with_empty_axes") == 0 ? [.. Enumerable.Range(0, all).Select(axis => (long)axis)] : null;
    }
}
