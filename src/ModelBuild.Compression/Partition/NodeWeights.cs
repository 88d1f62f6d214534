using ModelBuild.Compression.Counting;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>Computes the work of nodes: their multiply-adds, including those of branches and loops, and one unit for each element of their outputs.</summary>
internal static class NodeWeights
{
    /// <summary>Returns the work of each node in the order of the nodes.</summary>
    /// <param name="order">The nodes.</param>
    /// <param name="counted">The multiply-adds as <see cref="ModelWork"/> counts them.</param>
    /// <param name="values">The values that other nodes read.</param>
    public static double[] Of(IReadOnlyList<ComputedNode> order, IReadOnlyList<NodeWork> counted, IReadOnlyList<CrossingValue> values)
    {
        double[] work = [.. MultiplyAdds(order, counted)];
        foreach (var value in values)
            work[value.Born] += value.Elements;
        return work;
    }

    /// <summary>Returns the multiply-adds of each node in the order of the nodes.</summary>
    public static long[] MultiplyAdds(IReadOnlyList<ComputedNode> order, IReadOnlyList<NodeWork> counted)
    {
        // The work may have been counted on a copy of the model. A node and its copy are matched by the name of their first output.
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
