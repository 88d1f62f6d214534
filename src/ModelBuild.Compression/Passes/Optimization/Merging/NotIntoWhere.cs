using ModelBuild.Compression.Passes.Optimization.Patterns;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Removes the <c>Not</c> of the condition of a <c>Where</c>, and exchanges its two values.</summary>
internal sealed class NotIntoWhere() : Pattern<string>("negations merged into Where", "Where")
{
    protected override string? Match(Site site) => site.SharedProducer(site.Node.Input[0], "Not")?.Input[0];

    protected override void Rewrite(Site site, string match)
    {
        var (scope, node) = (site.Scope, site.Node);
        var (first, second) = (node.Input[1], node.Input[2]);
        scope.SetInput(node, 0, match);
        scope.SetInput(node, 1, second);
        scope.SetInput(node, 2, first);
    }
}
