using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>One step of a receipt.</summary>
/// <param name="Step">The step in its one-line form.</param>
/// <param name="Before">What the model took before it.</param>
/// <param name="After">What it took after it. Steps that solve the same layers together come out together.</param>
/// <param name="Changes">How often each kind of change was made.</param>
/// <param name="LeftAlone">What was not changed, and why.</param>
/// <param name="Nodes">What became of each node, where the step decides node by node.</param>
/// <param name="Trials">The alternatives that the step compared.</param>
/// <param name="Ranking">What returning each layer to float would give back, best first; empty unless the budget asked for it.</param>
public sealed record StepFacts(
    string Step,
    ModelCost Before,
    ModelCost After,
    IReadOnlyDictionary<string, int> Changes,
    IReadOnlyList<LeftAlone> LeftAlone,
    IReadOnlyList<NodeOutcome> Nodes,
    IReadOnlyList<TrialOutcome> Trials,
    IReadOnlyList<LayerRank> Ranking
)
{
    /// <summary>What the reports of a recipe's steps say.</summary>
    /// <param name="reports">The reports; their models were counted.</param>
    /// <param name="original">What the model took before the first.</param>
    /// <param name="bytes">The size of the file that it became.</param>
    internal static IReadOnlyList<StepFacts> Of(IReadOnlyList<StepReport> reports, ModelCost original, long bytes)
    {
        ModelCost[] costs = [original, .. reports.SkipLast(1).Select(report => report.Cost!), reports[^1].Cost! with { Bytes = bytes }];
        return
        [
            .. reports.Select(
                (report, i) =>
                    new StepFacts(
                        report.Step,
                        costs[i],
                        costs[i + 1],
                        report.Report.Changes,
                        report.Report.LeftAlone,
                        report.Report.Nodes,
                        report.Report.Trials,
                        report.Report.Ranking
                    )
            ),
        ];
    }
}
