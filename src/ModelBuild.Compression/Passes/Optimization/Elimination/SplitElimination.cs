using ModelBuild.Compression.Passes.Optimization.Patterns;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes <c>Split</c> into one part.</summary>
internal sealed class SplitElimination() : NoEffectPattern("splits into one part removed", "Split")
{
    protected override string? Same(Site site) => site.Node.Output.Count == 1 ? site.Node.Input[0] : null;
}
