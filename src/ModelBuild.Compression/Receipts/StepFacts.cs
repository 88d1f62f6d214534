using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>The facts of one step in a receipt.</summary>
/// <param name="Step">The one-line form of the step.</param>
/// <param name="Before">The cost of the model before the step.</param>
/// <param name="After">The cost of the model after the step. Steps that solve the same layers together have the same cost.</param>
/// <param name="Changes">The number of changes of each kind.</param>
/// <param name="LeftAlone">The elements that were skipped, with the reason.</param>
/// <param name="Nodes">The outcome of each node, if the step decides for each node.</param>
/// <param name="Trials">The alternatives that the step compared.</param>
/// <param name="Ranking">The gain of restoring each layer to float, the largest first; empty unless the budget required it.</param>
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
    /// <summary>Returns the facts of a recipe's steps.</summary>
    /// <param name="reports">The reports of the steps with the costs of their models.</param>
    /// <param name="original">The cost of the model before the first step.</param>
    /// <param name="bytes">The size of the resulting file in bytes.</param>
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
