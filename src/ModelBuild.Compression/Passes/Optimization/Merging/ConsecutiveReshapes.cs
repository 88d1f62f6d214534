using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>
/// Merges a sequence of <c>Reshape</c>, <c>Flatten</c>, <c>Squeeze</c>, <c>Unsqueeze</c>, and <c>Transpose</c> that moves only axes of size 1, into one
/// <c>Reshape</c> to the last shape. The last shape must not copy sizes of the shape before it, or at most one of its sizes may be unknown.
/// </summary>
internal sealed class ConsecutiveReshapes() : Pattern<ConsecutiveReshapes.Run>("reshapes merged", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose")
{
    private static readonly string[] Views = ["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"];

    internal sealed record Run(string Source, long[] Target);

    protected override Run? Match(Site site)
    {
        if (
            site.Opset < 5
            || site.SoleProducer(site.Node.Input[0], Views) is not { } inner
            || AttentionMask.IsWidened(site, inner)
            || !IsView(site, site.Node)
            || !IsView(site, inner)
        )
            return null;
        var target = site.Node.OpType == "Reshape" && site.Integers(site.Node.InputAt(1)) is { } asked && !asked.Contains(0) ? asked : Inferred(site);
        if (target is null)
            return null;
        var source = inner.Input[0];
        while (site.Producer(source, Views) is { } before && IsView(site, before))
            source = before.Input[0];
        return new Run(source, target);
    }

    protected override void Rewrite(Site site, Run match)
    {
        var result = site.Node.Output[0];
        site.Scope.Replace(site.Node, Nodes.Create("Reshape", [match.Source, site.Add($"{result}_shape", match.Target)], [result], site.Node.Name));
    }

    // Returns whether the node is a view: the elements of its output have the same order in memory as those of its input.
    private static bool IsView(Site site, NodeProto node)
    {
        if (node.OpType != "Transpose")
            return true;
        if (site.Shape(node.Input[0]) is not { } shape)
            return false;
        var permutation = node.GetInts("perm") ?? [.. Enumerable.Range(1, shape.Length).Select(axis => (long)(shape.Length - axis))];
        long[] moved = [.. permutation.Where(axis => shape[axis] != 1)];
        return moved.SequenceEqual(moved.Order());
    }

    private static long[]? Inferred(Site site) =>
        site.Shape(site.Node.Output[0]) is { } shape && !shape.Contains(0) && shape.Count(size => size < 0) <= 1 ? shape : null;
}
