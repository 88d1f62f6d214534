using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.ShapeComputation;

/// <summary>Replaces a concatenation of all sizes of one value, in order, by its <c>Shape</c>.</summary>
internal sealed class ShapeOfAll() : Pattern<string>("shapes built from single sizes replaced", "Concat")
{
    protected override string? Match(Site site)
    {
        var node = site.Node;
        if (SizeReference.Of(site, node.Input[0]) is not { Axis: 0, Source: var source } || site.Rank(source) != node.Input.Count)
            return null;
        return node.Input.Index().All(part => SizeReference.Of(site, part.Item) is { } size && size.Axis == part.Index && size.Source == source)
            ? source
            : null;
    }

    protected override void Rewrite(Site site, string match) =>
        site.Scope.Replace(site.Node, Nodes.Create("Shape", [match], [site.Node.Output[0]], site.Node.Name));
}
