using System.Globalization;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Shows what each step did: counts, the alternatives that it compared, and why nodes were skipped.</summary>
internal static class StepsView
{
    // The largest number of reasons that are shown, one on each line. The HTML report contains all reasons.
    private const int MaxReasons = 4;

    public static void Show(IReadOnlyList<StepFacts> steps)
    {
        if (steps.Count > 0)
            Costs(steps);
        foreach (var step in steps)
        {
            Screen.WriteLine(
                $"{ShortRecipe.Of(step.Step)}: "
                    + $"{(step.Changes.Count == 0 ? "nothing to do" : string.Join(", ", step.Changes.Select(change => $"{change.Key} ({change.Value})")))}"
            );
            if (step.Trials.Count > 0)
                Screen.WriteLine("  alternatives, compared on held-out samples:");
            foreach (var trial in step.Trials)
                Screen.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  {(trial.Kept ? '*' : ' ')} {SignedNumber.Of(trial.SqnrDb, 1), 5} dB  {ShortRecipe.Of(trial.Recipe)}"
                    )
                );
            foreach (var rank in step.Ranking.Where(rank => rank.Returned))
                Screen.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  restored to float for the budget: {rank.Layer}, {LayerPartWords.Of(rank.Part)} ({SignedNumber.Difference(rank.GainDb, 1, '-')} dB)"
                    )
                );
            if (step.Training is { } training)
                Training(training);
            Reasons(step);
        }
    }

    private static void Training(TrainingReport training)
    {
        Screen.WriteLine($"  {TrainingWords.Summary(training)}");
        foreach (var sentence in TrainingWords.Facts(training))
            Screen.WriteLine($"  {sentence}");
        if ((TrainingWords.HeldOut(training) ?? TrainingWords.Trained(training)) is { } loss)
            Screen.WriteLine(
                $"  loss on {(TrainingWords.HeldOut(training) is null ? "training" : "held-out")} rows: {TrainingWords.Number(loss.Before)} "
                    + $"-> {TrainingWords.Number(loss.After)}"
            );
        if (TrainingWords.Explanation(training) is { } explanation)
            Screen.WriteLine($"  {explanation}");
    }

    private static void Costs(IReadOnlyList<StepFacts> steps)
    {
        var costs = new Table().Border(TableBorder.Rounded).AddColumn("after").AddNumbers("parameters", "multiply-adds", "bytes");
        foreach (var (step, cost) in steps.Select(step => (step.Step, step.After)).Prepend(("(before)", steps[0].Before)))
            costs.AddRow(
                new TextCell(ShortRecipe.Of(step)),
                new TextCell(Numbers.Format(cost.Parameters)),
                new TextCell(Numbers.Format(cost.MultiplyAdds)),
                new TextCell(Numbers.Format(cost.Bytes))
            );
        Screen.Write(costs);
    }

    private static void Reasons(StepFacts step)
    {
        var reasons = step
            .Nodes.Where(node => node.Why.Length > 0)
            .Select(node => $"in float: {node.Why}")
            .Concat(step.Skipped.Select(left => $"skipped: {left.Why}"))
            .GroupBy(reason => reason)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToArray();
        foreach (var reason in reasons.Take(MaxReasons))
            Screen.WriteLine($"  {reason.Count(), 3} {reason.Key}");
        if (reasons.Skip(MaxReasons).Sum(group => group.Count()) is > 0 and var more)
            Screen.WriteLine($"  {more, 3} more were skipped; --json lists each");
    }
}
