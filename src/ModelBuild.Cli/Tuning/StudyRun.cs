using System.Globalization;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Candidates;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Tuning;

/// <summary>
/// Runs a study: asks for the next task, runs it in a child process, saves the outcome, and keeps the models of the front. Ctrl+C and the end of the time end
/// the search, and the study has the results so far.
/// </summary>
/// <param name="settings">The model, its data and the limits of fidelity.</param>
/// <param name="selection">How a point of the front is chosen.</param>
/// <param name="limits">When the study ends.</param>
/// <param name="folder">Where outcomes are saved.</param>
/// <param name="trial">Runs a task.</param>
/// <param name="latencies">Measures the points of the front.</param>
/// <param name="work">Receives the progress.</param>
internal sealed class StudyRun(
    StudySettings settings,
    Selection selection,
    StudyLimits limits,
    StudyFolder folder,
    TrialProcess trial,
    FrontLatencies latencies,
    WorkLog work
)
{
    private const int MaxTimed = 12;

    // The share of the time that is kept for the measurement of latencies, at most as long as it takes.
    private const double TimedShare = 0.2;

    private readonly StudyState _state = new();
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<FailedTrial> _failed = [];
    private readonly long _bytes = ModelDescription.Size(settings.Model);

    /// <summary>Runs the study until it finds no improvement, reaches a limit, or is cancelled.</summary>
    /// <exception cref="CompressionException">The model or its data cannot be used.</exception>
    public StudyDocument Run(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (SearchTime() is { } time)
            ending.CancelAfter(time);
        try
        {
            RunTasks(ending.Token);
        }
        catch (OperationCanceledException) when (_state.Trials.Count > 0 || !cancellationToken.IsCancellationRequested)
        {
            // The search ended early. The study has the results so far.
        }

        var document = Document([]);
        var timed = Time(document.Front, cancellationToken);
        document = Document(timed);
        folder.Save(document);
        return document;
    }

    private TimeSpan? SearchTime()
    {
        if (limits.Time is not { } time)
            return null;
        var measuring = TimeSpan.FromTicks(Math.Min((MaxTimed * FrontLatencies.TimeOfPoint).Ticks, (time * TimedShare).Ticks));
        return time - measuring;
    }

    private void RunTasks(CancellationToken cancellationToken)
    {
        var number = 0;
        foreach (var task in new Proposals(_state, settings.TrainingData.Count > 0).All())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (task is RecipeTask && limits.Trials is { } trials && _state.Trials.Count + _failed.Count >= trials)
                return;
            number++;
            _numbers[task.Key] = number;
            work.Enter($"task {number}{Best()}");
            var outcome = folder.Find(task) ?? Run(task, number, cancellationToken);
            folder.DeleteTemporaryFiles();
            folder.Save(number, task, outcome);
            _state.Add(task, outcome);
            Report(task, number, outcome);
            DropModels();
            folder.Save(Document([]));
        }
    }

    private StudyOutcome Run(StudyTask task, int number, CancellationToken cancellationToken)
    {
        try
        {
            return trial.Run(Request(task, number), cancellationToken);
        }
        catch (CompressionException exception) when (_state.Trials.Count > 0)
        {
            // Another recipe ran on the same model and data, so they are not at fault.
            return new StudyOutcome { Failure = exception.Message };
        }
    }

    private TrialRequest Request(StudyTask task, int number) =>
        task switch
        {
            RecipeTask recipe => new TrialRequest
            {
                Settings = settings,
                Recipe = recipe.Recipe,
                Output = folder.Model(number),
                Trained = folder.Trained(number),
                Shared = folder.SharedFolder,
            },
            StorageTableTask table => new TrialRequest
            {
                Settings = settings,
                Storage = table.Structure,
                Output = folder.Model(number),
            },
            IntegerTableTask table => new TrialRequest
            {
                Settings = settings,
                Integers = table.Steps,
                Output = folder.Model(number),
            },
            _ => throw new InvalidOperationException($"There is no task {task.GetType().Name}."),
        };

    private void Report(StudyTask task, int number, StudyOutcome outcome)
    {
        if (outcome.Failure is { } why && task is RecipeTask failed)
            _failed.Add(new FailedTrial(failed.Recipe, why));
        work.Report(
            outcome switch
            {
                { Failure: { } failure } => $"task {number}, {task.Key}: no result, because {failure}",
                { Result: { } result } => string.Create(
                    CultureInfo.InvariantCulture,
                    $"task {number}, {task.Key}: {result.Bytes:N0} bytes, {SignedNumber.Of(result.SqnrDb, 1)} dB, predicted time {result.PredictedTime:0.00}, "
                        + $"{(result.IsWithinBudget ? "within" : "beyond")} the budget"
                ),
                _ => $"task {number}, {task.Key}: measured",
            }
        );
    }

    private string Best()
    {
        StudyPoint[] points = [.. Points(_state.OnFront, [])];
        return Choose(points) is { } best
            ? string.Create(CultureInfo.InvariantCulture, $", best {best.Result.Bytes:N0} bytes at {SignedNumber.Of(best.Result.SqnrDb, 1)} dB")
            : ", nothing within the budget yet";
    }

    // Only the models of the front are measured and kept.
    private void DropModels()
    {
        var kept = _state.OnFront.Select(found => found.Task.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (task, _) in _state.Trials.Where(found => !kept.Contains(found.Task.Key)))
            folder.DeleteModel(_numbers[task.Key]);
    }

    private List<StudyPoint> Time(IReadOnlyList<StudyPoint> front, CancellationToken cancellationToken)
    {
        var timed = new List<StudyPoint>();
        foreach (var point in selection.ToTime([.. front.Select(point => point.Result)]).Take(MaxTimed).Select(place => front[place]))
        {
            if (cancellationToken.IsCancellationRequested || !File.Exists(folder.Model(point.Number)))
                continue;
            work.Enter($"measuring the time of {timed.Count + 1} of {Math.Min(MaxTimed, front.Count)} models");
            try
            {
                timed.Add(latencies.Measure(point, folder.Model(point.Number), cancellationToken));
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return timed;
    }

    private IEnumerable<StudyPoint> Points(IEnumerable<(RecipeTask Task, TrialResult Result)> trials, IReadOnlyList<StudyPoint> timed) =>
        trials
            .Select(found => new StudyPoint(_numbers[found.Task.Key], found.Task.Recipe, found.Task.Origin, found.Result))
            .Select(point => timed.FirstOrDefault(other => other.Number == point.Number) ?? point);

    private StudyPoint? Choose(StudyPoint[] points) =>
        selection.Best([.. points.Select(point => (point.Result, point.Milliseconds, point.TimeRatio))]) is { } best ? points[best] : null;

    private StudyDocument Document(IReadOnlyList<StudyPoint> timed)
    {
        var front = _state.OnFront;
        StudyPoint[] points = [.. Points(front, timed)];
        return new StudyDocument
        {
            Model = settings.Model,
            Bytes = _bytes,
            Goal = selection.Goal,
            Trials = _state.Trials.Count + _failed.Count,
            Failed = [.. _failed],
            Front = points,
            Others = [.. Points(_state.Trials.Except(front), [])],
            Chosen = Choose(points)?.Number,
        };
    }
}
