using System.Globalization;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tuning;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Shows a study: the points of the front in a table, their recipes below it, and the chosen point.</summary>
internal static class TuneView
{
    // The largest number of points beyond the budget that are shown. The points nearest to the budget are shown, because a user may accept them.
    private const int MaxBeyond = 3;

    public static void Show(StudyDocument document)
    {
        StudyPoint[] shown =
        [
            .. document.Front.Where(point => point.Result.IsWithinBudget),
            .. document.Front.Where(point => !point.Result.IsWithinBudget).OrderByDescending(point => point.Result.SqnrDb).Take(MaxBeyond),
        ];
        var table = new Table().Border(TableBorder.Rounded).AddNumbers("point", "bytes", "share", "SQNR", "predicted", "1 thread", "threads");
        foreach (var point in shown)
            table.AddRow([
                Number(point.Number == document.Chosen ? $"> {point.Number}" : $"{point.Number}"),
                Number(Numbers.Format(point.Result.Bytes)),
                Number(Numbers.Share((double)point.Result.Bytes / document.Bytes)),
                Number(FidelityFigures.Decibels(point.Result.SqnrDb)),
                Number(point.Result.PredictedTime is { } time ? Ratio(time) : ""),
                .. point.Latencies.Count > 0 ? point.Latencies.Select(latency => Number(Ratio(latency.Point.Ratio.Median))) : [Number(""), Number("")],
            ]);
        Screen.Write(table);
        Screen.WriteLine("Times are relative to the original: predicted, without what 'optimize' alone saves, and measured in turns with it on this machine.");
        foreach (var point in shown)
            Screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{point.Number, 4}  {ShortRecipe.Of(point.Recipe)}{Beyond(point)}"));
        var failed = document.Failed.Count == 0 ? "" : $", {document.Failed.Count} of them without a result";
        Screen.WriteLine($"{document.Trials} recipes ran{failed}; {document.Front.Count} are on the front: no other one is as small, as fast and as accurate.");
    }

    /// <summary>Writes the lines about the chosen point.</summary>
    /// <param name="document">The study.</param>
    /// <param name="recipe">The path of the recipe file.</param>
    /// <param name="page">The path of the page about the study.</param>
    /// <param name="isPicked">Whether the user picked the point.</param>
    public static void ShowChosen(StudyDocument document, string recipe, string page, bool isPicked)
    {
        var point = document.Point!;
        Screen.WriteLine("");
        Screen.WriteLine($"Point {point.Number}{(isPicked ? "" : $", the best one for {Words(document.Goal)}")}: {point.Recipe}");
        foreach (var output in point.Result.Outputs)
            Screen.WriteLine($"  {FidelityFigures.Line(output)}, on {point.Result.Judged} held-out samples");
        if (point.Result.ExpectedLoss is { } loss)
            Screen.WriteLine($"  estimated loss on other samples: {Numbers.Share(loss)}, from the margins of all held-out samples");
        if (point.Latencies is [.., var last])
            Screen.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  time with {last.Threads} threads: {ComparisonWords.Ratio(last.Point.Ratio)} of the original's, "
                        + $"{last.Point.Latency.P50Ms:0.###} ms of {last.Original.Latency.P50Ms:0.###} ms"
                )
            );
        Screen.WriteLine(page);
        Screen.WriteLine(recipe);
        Screen.WriteLine($"Builds of {Path.GetFileName(document.Model)} use this recipe from now on. Another point: --pick NUMBER.");
    }

    /// <summary>Writes the progress of a study.</summary>
    /// <param name="document">The result so far.</param>
    /// <param name="running">The tasks that run, with their workers.</param>
    /// <param name="isComplete">Whether the search has ended by itself.</param>
    /// <param name="isStopped">Whether workers have to end.</param>
    public static void ShowStatus(StudyDocument document, IReadOnlyList<(string Task, string Worker)> running, bool isComplete, bool isStopped)
    {
        var state =
            isComplete ? "complete"
            : isStopped ? "stopped"
            : running.Count > 0 ? "running"
            : "without a worker at present";
        Screen.WriteLine($"The study of {Path.GetFileName(document.Model)} is {state}.");
        Screen.WriteLine($"{document.Trials} recipes ran, {document.Failed.Count} of them without a result; {document.Front.Count} are on the front.");
        if (document.Point is { } best)
            Screen.WriteLine(
                $"The smallest one within the budget has {Numbers.Format(best.Result.Bytes)} bytes and {FidelityFigures.Decibels(best.Result.SqnrDb)}."
            );
        foreach (var (task, worker) in running)
            Screen.WriteLine($"{worker} runs task {task}.");
    }

    private static string Beyond(StudyPoint point) => point.Result.IsWithinBudget ? "" : ", beyond the budget";

    private static string Words(TuneGoal goal) =>
        goal switch
        {
            TuneGoal.Size => "size",
            TuneGoal.Speed => "speed",
            TuneGoal.Balanced => "size and speed together",
            _ => throw new ArgumentOutOfRangeException(nameof(goal)),
        };

    private static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    private static TextCell Number(string text) => new(text) { Justification = Justify.Right };
}
