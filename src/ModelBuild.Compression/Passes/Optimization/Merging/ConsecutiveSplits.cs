using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Merges a <c>Split</c> with the <c>Split</c> that reads one of its parts along the same axis.</summary>
internal sealed class ConsecutiveSplits() : Pattern<ConsecutiveSplits.Pair>("splits merged", "Split")
{
    internal sealed record Pair(NodeProto Inner, int Part, long[] Sizes);

    protected override Pair? Match(Site site)
    {
        var node = site.Node;
        if (
            site.SoleProducer(node.Input[0], "Split") is not { } inner
            || SplitParts.Axis(site, inner, 0) != SplitParts.Axis(site, node, 0)
            || SplitParts.Sizes(site, inner) is not { } first
            || SplitParts.Sizes(site, node) is not { } second
            || first.Length != inner.Output.Count
            || second.Length != node.Output.Count
        )
            return null;
        var part = inner.Output.IndexOf(node.Input[0]);
        return new Pair(inner, part, [.. first[..part], .. second, .. first[(part + 1)..]]);
    }

    protected override void Rewrite(Site site, Pair match)
    {
        var merged = Nodes.Create(
            "Split",
            [match.Inner.Input[0]],
            [.. match.Inner.Output.Take(match.Part), .. site.Node.Output, .. match.Inner.Output.Skip(match.Part + 1)],
            match.Inner.Name
        );
        merged.SetAttribute("axis", match.Inner.GetInt("axis"));
        if (site.Opset >= 13)
            merged.Input.Add(site.Add($"{site.Node.Input[0]}_sizes", match.Sizes));
        else
            merged.SetAttribute("split", match.Sizes);
        site.Scope.Remove(site.Node);
        site.Scope.Replace(match.Inner, merged);
    }
}
