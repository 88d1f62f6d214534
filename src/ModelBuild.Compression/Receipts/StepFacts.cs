using System.Text.Json.Serialization;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>The facts about one step of a recipe in a receipt.</summary>
/// <param name="Step">The step in its one-line form.</param>
/// <param name="Before">The size of the model before the step.</param>
/// <param name="After">The size of the model after the step. Steps that solve the same layers together have the same result.</param>
/// <param name="Changes">The number of changes of each kind.</param>
/// <param name="Skipped">The elements that the step did not change, with the reasons.</param>
/// <param name="Nodes">The form in which each node computes after all steps, if the step decides for each node.</param>
/// <param name="Trials">The alternatives that the step compared.</param>
/// <param name="Ranking">The gain of restoring each layer to float, the largest first; empty unless the budget required it.</param>
internal sealed record StepFacts(
    string Step,
    ModelCost Before,
    ModelCost After,
    IReadOnlyDictionary<string, int> Changes,
    [property: JsonPropertyName("leftAlone")] IReadOnlyList<Skipped> Skipped,
    IReadOnlyList<NodeFacts> Nodes,
    IReadOnlyList<TrialOutcome> Trials,
    IReadOnlyList<LayerRank> Ranking
)
{
    /// <summary>The facts about the training of the step; null if it does not train.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrainingReport? Training { get; init; }

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
                        report.Report.Skipped,
                        [.. report.Report.Nodes.Select(node => NodeFacts.Of(Final(node, reports.Skip(i + 1))))],
                        report.Report.Trials,
                        report.Report.Ranking
                    )
                    {
                        Training = report.Report.Training,
                    }
            ),
        ];
    }

    // Returns the outcome of a node after all steps. A later step may store the weights of a node that this step left in float, or compute the node in another
    // type.
    private static NodeOutcome Final(NodeOutcome node, IEnumerable<StepReport> later)
    {
        if (node.Form != NodeForm.Float)
            return node;
        foreach (var report in later)
            if (report.Report.Forms.TryGetValue(node.Name, out var form))
                return node with { Form = form };
        return node;
    }
}
