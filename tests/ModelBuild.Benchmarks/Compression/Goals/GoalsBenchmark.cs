using System.Globalization;
using ModelBuild.Benchmarks.Models;

namespace ModelBuild.Benchmarks.Compression.Goals;

/// <summary>Compares each goal with the result of its recipe, without retraining.</summary>
internal static class GoalsBenchmark
{
    /// <param name="output">The writer of the table.</param>
    /// <param name="only">Parts of the names of the models to measure; empty for all.</param>
    public static void Run(TextWriter output, IReadOnlyList<string> only)
    {
        output.WriteLine("| model | recipe | goal | accuracy, points | SQNR | multiply-adds | parameters | file | zipped | time / float32 | reached |");
        output.WriteLine("|---|---|---|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach (var model in CorpusModel.Litenet.Where(model => only.Count == 0 || only.Any(part => model.Name.Contains(part, StringComparison.Ordinal))))
        {
            using var results = new LitenetRecipes(model);
            Goals(output, model, results);
            Layers(output, model, results);
        }
    }

    private static void Goals(TextWriter output, CorpusModel model, LitenetRecipes results)
    {
        Goal[] goals = [.. Reachable.Goals.Where(goal => goal.Model == model.ShortName)];
        var times = results.Times(goals.Select(goal => goal.Recipe));
        Reached Reached(string recipe) => Compression.Goals.Reached.Of(results.Of(recipe), times.GetValueOrDefault(recipe));
        foreach (var goal in goals)
            output.WriteLine(
                results.Of(goal.Recipe).WhyNot is { } whyNot
                    ? $"| {goal.Model} | `{goal.Recipe}` | {goal} | {whyNot} | | | | | | | no |"
                    : Row(goal, Reached(goal.Recipe), goal.IsReached(Reached(goal.Recipe), Reached))
            );
    }

    private static string Row(Goal goal, Reached reached, bool isReached) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {goal.Model} | `{goal.Recipe}` | {goal} | {-reached.Points:+0.00;−0.00;0.00} | {reached.Decibels:0.0} dB | {reached.Work:0.00} × | "
                + $"{reached.Parameters:0.00} × | {reached.File:0.000} | {reached.Zipped:0.0} × | {reached.Time:0.00} | {(isReached ? "yes" : "no")} |"
        );

    private static void Layers(TextWriter output, CorpusModel model, LitenetRecipes results)
    {
        foreach (var (layer, recipe) in LowRankLayers.Of(model))
        {
            var (with, without) = (results.Of(recipe).Worst!.SqnrDb, results.Of(recipe, withData: false).Worst!.SqnrDb);
            if (results.Of(recipe).Receipt!.Steps[^1].Changes.Count > 0)
                output.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {model.ShortName} | `low-rank(0.5)` of {layer} | better than plain SVD, {without:0.0} dB | | {with:0.0} dB | | | | "
                            + $"| | {(with > without ? "yes" : "no")} |"
                    )
                );
        }
    }
}
