using ModelBuild.Compression.Passes.Optimization.Patterns;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes <c>Pad</c> whose sizes are all 0.</summary>
internal sealed class PadElimination() : NoEffectPattern("paddings of size 0 removed", "Pad")
{
    protected override string? Same(Site site) => site.Integers(site.Node, 1, "pads") is { } pads && pads.All(size => size == 0) ? site.Node.Input[0] : null;
}
