using ModelBuild.Compression.Passes.Optimization.Patterns;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes Neg of Neg, and Not of Not.</summary>
internal sealed class InverseElimination() : NoEffectPattern("operators that undo each other removed", "Neg", "Not")
{
    protected override string? Same(Site site) => site.Producer(site.Node.Input[0], site.Node.OpType)?.Input[0];
}
