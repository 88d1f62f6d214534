using ModelBuild.Compression.Passes.Optimization.Patterns;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Removes a <c>Concat</c> of all parts of a <c>Split</c>, in order and along the same axis.</summary>
internal sealed class ConcatOfSplit() : NoEffectPattern("splits followed by their concatenation removed", "Concat")
{
    protected override string? Same(Site site) =>
        site.Producer(site.Node.Input[0], "Split") is { } split
        && split.Output.SequenceEqual(site.Node.Input)
        && SplitParts.Axis(site, split, 0) == SplitParts.Axis(site, site.Node, 1)
            ? split.Input[0]
            : null;
}
