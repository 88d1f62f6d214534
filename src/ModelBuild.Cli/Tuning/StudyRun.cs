using System.Diagnostics;
using System.Globalization;
using ModelBuild.Cli.Tuning.Claims;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Tuning;

/// <summary>
/// Follows the workers of a study, saves their results, ends them when the time is over, and then measures the models of the front. Ctrl+C ends the search, and
/// the study keeps the results so far.
/// </summary>
/// <param name="file">The study.</param>
/// <param name="folder">The folder of the study.</param>
/// <param name="workers">The workers.</param>
/// <param name="selection">How a point of the front is chosen.</param>
/// <param name="time">The longest time, including the measurement of latencies; null for no limit.</param>
/// <param name="latencies">Measures the points of the front.</param>
/// <param name="work">Receives the progress.</param>
internal sealed class StudyRun(
    StudyFile file,
    StudyFolder folder,
    IWorkers workers,
    Selection selection,
    TimeSpan? time,
    FrontLatencies latencies,
    WorkLog work
)
{
    private const int MaxTimed = 12;

    // The largest share of the time limit that is reserved for the measurement of latencies. The reserved time is never longer than the measurement needs.
    private const double TimedShare = 0.2;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRecords = TimeSpan.FromSeconds(10);

    private readonly ClaimFolder _claims = folder.Claims(file);
    private readonly StudyFindings _findings = new(file, folder);

    /// <summary>Runs the study until it finds no improvement, reaches a limit, or is cancelled.</summary>
    /// <exception cref="CompressionException">The model or its data cannot be used, or the workers ended before the study.</exception>
    /// <exception cref="OperationCanceledException">The study was cancelled before it had a result.</exception>
    public StudyDocument Run(CancellationToken cancellationToken)
    {
        try
        {
            workers.Start();
            Follow(cancellationToken);
        }
        finally
        {
            End();
        }

        Report(CancellationToken.None);
        if (!_findings.HasResults)
            cancellationToken.ThrowIfCancellationRequested();
        var timed = Time(_findings.Document(selection, []).Front, cancellationToken);
        var document = _findings.Document(selection with { NeedsMeasurement = true }, timed);
        folder.Save(document);
        return document;
    }

    private void End()
    {
        try
        {
            // The workers are stopped only if the study still runs, so that another run that has begun in the folder continues.
            if (folder.IsRunning(file))
                folder.Stop();
        }
        finally
        {
            workers.End();
        }

        // The method waits for claims to end, because a worker on another machine may be writing its last record.
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < LastRecords && _claims.Living().Count > 0; )
            Thread.Sleep(Interval);
    }

    // Waits until the workers have ended or the time is over. The time begins with the first task, because workers on other machines may have to wait for a
    // machine.
    private void Follow(CancellationToken cancellationToken)
    {
        var clock = new Stopwatch();
        while (true)
        {
            // The state of the workers is determined before the records are read, because workers that have ended have written all their records.
            var remain = workers.Remain();
            Report(cancellationToken);
            if (_findings.IsComplete)
                return;
            // The command tune --cancel stops the study in the folder, which ends the search as Ctrl+C does.
            if (!folder.IsRunning(file))
                return;
            if (!remain && workers.Fault is { } fault)
                throw fault;
            if (!remain)
                throw new CompressionException(
                    Codes.ProgramFailed,
                    $"All workers ended before the study did. What they wrote is in {folder.Logs}. Go on with --resume.",
                    folder.Path
                );
            if (!clock.IsRunning && _claims.HasAny)
                clock.Start();
            if (cancellationToken.WaitHandle.WaitOne(Interval) || clock.Elapsed > SearchTime())
                return;
        }
    }

    private TimeSpan? SearchTime() =>
        time is { } limit ? limit - TimeSpan.FromTicks(Math.Min((MaxTimed * FrontLatencies.TimeOfPoint).Ticks, (limit * TimedShare).Ticks)) : null;

    private void Report(CancellationToken cancellationToken)
    {
        var ended = _findings.Update(cancellationToken);
        foreach (var (number, task, outcome) in ended)
            work.Report(Line(number, task, outcome));
        if (ended.Count == 0)
            return;
        var document = _findings.Document(selection, []);
        folder.Save(document);
        work.Enter(string.Create(CultureInfo.InvariantCulture, $"task {_findings.Count + 1}{Best(document)}"));
    }

    private static string Line(int number, StudyTask task, StudyOutcome outcome) =>
        outcome switch
        {
            { Failure: { } failure } => $"task {number}, {task.Key}: no result, because {failure}",
            { Result: { } result } => string.Create(
                CultureInfo.InvariantCulture,
                $"task {number}, {task.Key}: {result.Bytes:N0} bytes, {SignedNumber.Of(result.SqnrDb, 1)} dB, predicted time {result.PredictedTime:0.00}, "
                    + $"{(result.IsWithinBudget ? "within" : "beyond")} the budget"
            ),
            _ => $"task {number}, {task.Key}: measured",
        };

    private static string Best(StudyDocument document) =>
        document.Point is { } best
            ? string.Create(CultureInfo.InvariantCulture, $", best {best.Result.Bytes:N0} bytes at {SignedNumber.Of(best.Result.SqnrDb, 1)} dB")
            : ", nothing within the budget yet";

    private List<StudyPoint> Time(IReadOnlyList<StudyPoint> front, CancellationToken cancellationToken)
    {
        var timed = new List<StudyPoint>();
        foreach (var point in selection.ToTime([.. front.Select(point => point.Result)]).Take(MaxTimed).Select(place => front[place]))
        {
            var model = folder.Model(_findings.Task(point));
            if (cancellationToken.IsCancellationRequested || !File.Exists(model))
                continue;
            work.Enter($"measuring the time of {timed.Count + 1} of {Math.Min(MaxTimed, front.Count)} models");
            try
            {
                timed.Add(latencies.Measure(point, model, cancellationToken));
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return timed;
    }
}
