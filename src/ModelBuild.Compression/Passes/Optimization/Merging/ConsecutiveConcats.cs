using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Merges a <c>Concat</c> with the <c>Concat</c> that reads its result along the same axis.</summary>
internal sealed class ConsecutiveConcats() : Pattern<NodeProto>("concatenations merged", "Concat")
{
    protected override NodeProto? Match(Site site) =>
        site.Node.Input.Select(value => site.SharedProducer(value, "Concat")).FirstOrDefault(inner => inner is not null && IsAlong(site, inner));

    protected override void Rewrite(Site site, NodeProto match)
    {
        var merged = site.Node.Clone();
        merged.Input.Clear();
        merged.Input.AddRange(site.Node.Input.SelectMany(value => value == match.Output[0] ? match.Input.AsEnumerable() : [value]));
        site.Scope.Replace(site.Node, merged);
    }

    private static bool IsAlong(Site site, NodeProto inner)
    {
        var (axis, other) = (site.Node.GetInt("axis", 1), inner.GetInt("axis", 1));
        return axis == other || (site.Rank(inner.Output[0]) is { } rank && (axis + rank) % rank == (other + rank) % rank);
    }
}
