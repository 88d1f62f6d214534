using ModelBuild.Cli.Output;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Cli.Tuning;

/// <summary>Collects the results of the finished tasks of a study.</summary>
/// <param name="file">The study.</param>
/// <param name="folder">The folder of the study.</param>
internal sealed class StudyFindings(StudyFile file, StudyFolder folder)
{
    private readonly StudyReplay _replay = new(folder, file);

    // The trials are ordered by the number of the task, so that the order in which tasks end has no effect on the front.
    private readonly SortedDictionary<int, (RecipeTask Task, TrialResult Result)> _trials = [];
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly HashSet<int> _dropped = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly long _bytes = ModelDescription.Size(file.Settings.Model);

    /// <summary>Gets whether all tasks have been proposed and have an outcome.</summary>
    public bool IsComplete => _replay.IsComplete && !_replay.Open.Any();

    /// <summary>Gets the tasks without an outcome, in their order.</summary>
    public IEnumerable<StudyTask> Open => _replay.Open;

    /// <summary>Gets the number of tasks with an outcome.</summary>
    public int Count => _ended.Count;

    /// <summary>Gets whether at least one recipe has a result.</summary>
    public bool HasResults => _trials.Count > 0;

    /// <summary>Reads the records of tasks that ended since the last call.</summary>
    /// <returns>The tasks with their numbers and outcomes.</returns>
    /// <exception cref="Compression.Diagnostics.CompressionException">The model or its data cannot be used.</exception>
    public IReadOnlyList<(int Number, StudyTask Task, StudyOutcome Outcome)> Update(CancellationToken cancellationToken)
    {
        _replay.Advance(cancellationToken);
        for (var i = _numbers.Count; i < _replay.Tasks.Count; i++)
            _numbers.Add(_replay.Tasks[i].Key, i + 1);
        var ended = new List<(int, StudyTask, StudyOutcome)>();
        foreach (var task in _replay.Tasks)
            if (_replay.Record(task) is { } record && _ended.Add(task.Key))
            {
                var number = _numbers[task.Key];
                if (task is RecipeTask recipe && record.Outcome.Result is { } result)
                    _trials.Add(number, (recipe, result));
                ended.Add((number, task, record.Outcome));
            }

        return ended;
    }

    /// <summary>Deletes the models that are not on the front, because only the times of models on the front are measured.</summary>
    public void DropModels()
    {
        var front = Front();
        foreach (var (number, trial) in _trials)
            if (!front.Contains(number) && _dropped.Add(number))
                folder.DeleteModel(trial.Task);
    }

    /// <summary>Returns the task that produced a point of the front.</summary>
    public StudyTask Task(StudyPoint point) => _replay.Tasks[point.Number - 1];

    /// <summary>Returns the result of the study so far.</summary>
    /// <param name="selection">How a point of the front is chosen.</param>
    /// <param name="timed">The points with measured times.</param>
    public StudyDocument Document(Selection selection, IReadOnlyList<StudyPoint> timed)
    {
        var front = Front();
        StudyPoint[] points = [.. Points(front).Select(point => timed.FirstOrDefault(other => other.Number == point.Number) ?? point)];
        FailedTrial[] failed =
        [
            .. _replay
                .Tasks.OfType<RecipeTask>()
                .Select(task => (task.Recipe, Why: _replay.Record(task)?.Outcome.Failure))
                .Where(trial => trial.Why is not null)
                .Select(trial => new FailedTrial(trial.Recipe, trial.Why!)),
        ];
        return new StudyDocument
        {
            Model = file.Settings.Model,
            Bytes = _bytes,
            Goal = selection.Goal,
            Trials = _trials.Count + failed.Length,
            Failed = failed,
            Front = points,
            Others = [.. Points(_trials.Keys.Except(front))],
            Chosen = selection.Best([.. points.Select(point => (point.Result, point.Milliseconds, point.TimeRatio))]) is { } best ? points[best].Number : null,
        };
    }

    // Returns the numbers of the trials on the front, ordered by the bytes of their models.
    private List<int> Front()
    {
        int[] numbers = [.. _trials.Keys];
        return [.. Compression.Tuning.Front.Of([.. _trials.Values.Select(trial => trial.Result)]).Select(place => numbers[place])];
    }

    private IEnumerable<StudyPoint> Points(IEnumerable<int> numbers) =>
        numbers.Select(number => new StudyPoint(number, _trials[number].Task.Recipe, _trials[number].Task.Origin, _trials[number].Result));
}
