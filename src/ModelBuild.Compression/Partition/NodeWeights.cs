using ModelBuild.Compression.Counting;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>The work of nodes: their multiply-adds, those of branches and loops included, and one for each element that they give, for what works element by element.</summary>
internal static class NodeWeights
{
    /// <summary>The work of each node.</summary>
    /// <param name="order">The nodes.</param>
    /// <param name="counted">What multiplies and adds, as <see cref="ModelWork"/> counts it.</param>
    /// <param name="values">Values that other nodes read.</param>
    public static double[] Of(IReadOnlyList<ComputedNode> order, IReadOnlyList<NodeWork> counted, IReadOnlyList<CrossingValue> values)
    {
        double[] work = [.. MultiplyAdds(order, counted)];
        foreach (var value in values)
            work[value.Born] += value.Elements;
        return work;
    }

    /// <summary>The multiply-adds of each node.</summary>
    public static long[] MultiplyAdds(IReadOnlyList<ComputedNode> order, IReadOnlyList<NodeWork> counted)
    {
        // Work may have been counted on a copy, where nodes are other objects that give the same.
        var of = counted
            .GroupBy(work => Top(work).Output.FirstOrDefault() ?? "")
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        return [.. order.Select(node => of.TryGetValue(node.Node.Output.FirstOrDefault() ?? "", out var work) ? ModelWork.Sum(work) : 0)];
    }

    private static NodeProto Top(NodeWork work)
    {
        var node = work.Node;
        for (var scope = work.Scope; scope.Owner is { } owner; scope = scope.Parent!)
            node = owner;
        return node;
    }
}
