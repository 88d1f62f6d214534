using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;

namespace ModelBuild.Compression.Receipts;

/// <summary>One step of a receipt.</summary>
/// <param name="Step">The step in its one-line form.</param>
/// <param name="Changes">How often each kind of change was made.</param>
/// <param name="LeftAlone">What was not changed, and why.</param>
/// <param name="Nodes">What became of each node, where the step decides node by node.</param>
/// <param name="Trials">The alternatives that the step compared.</param>
/// <param name="Ranking">What returning each layer to float would give back, best first; empty unless the budget asked for it.</param>
public sealed record StepFacts(
    string Step,
    IReadOnlyDictionary<string, int> Changes,
    IReadOnlyList<LeftAlone> LeftAlone,
    IReadOnlyList<NodeOutcome> Nodes,
    IReadOnlyList<TrialOutcome> Trials,
    IReadOnlyList<LayerRank> Ranking)
{
    /// <summary>What a report says of its step.</summary>
    internal static StepFacts Of(StepReport report) =>
        new(report.Step, report.Report.Changes, report.Report.LeftAlone, report.Report.Nodes, report.Report.Trials, report.Report.Ranking);
}
