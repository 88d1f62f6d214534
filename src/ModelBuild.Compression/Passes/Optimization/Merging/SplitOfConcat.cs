using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Removes a <c>Split</c> into exactly the parts that a <c>Concat</c> joined.</summary>
internal sealed class SplitOfConcat() : Pattern<NodeProto>("concatenations followed by their split removed", "Split")
{
    protected override NodeProto? Match(Site site)
    {
        var node = site.Node;
        if (
            site.Producer(node.Input[0], "Concat") is not { } concat
            || concat.Input.Count != node.Output.Count
            || node.Output.Any(output => output.Length == 0)
            || SplitParts.Axis(site, node, 0) is var axis && (axis < 0 || axis != SplitParts.Axis(site, concat, 1))
            || SplitParts.Sizes(site, node) is not { } sizes
        )
            return null;
        return concat.Input.Zip(sizes).All(part => site.Shape(part.First) is { } shape && axis < shape.Length && shape[axis] == part.Second) ? concat : null;
    }

    protected override void Rewrite(Site site, NodeProto match)
    {
        var identities = match.Input.Zip(site.Node.Output, (source, result) => Nodes.Create("Identity", [source], [result])).ToArray();
        site.Scope.Replace(site.Node, identities);
        foreach (var identity in identities)
            site.Scope.Bypass(identity);
    }
}
