using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Candidates;

namespace ModelBuild.Cli.Tuning;

/// <summary>
/// Proposes the tasks of a study from the records in its folder. Proposals depend on outcomes alone, so that every worker computes the same tasks without
/// messages, and no worker depends on another one.
/// </summary>
internal sealed class StudyReplay
{
    private readonly StudyFolder _folder;
    private readonly StudyFile _file;
    private readonly StudyState _known = new();
    private readonly Proposals _proposals;
    private readonly IEnumerator<StudyTask?> _proposed;
    private readonly List<StudyTask> _tasks = [];
    private readonly Dictionary<string, StudyRecord> _records = new(StringComparer.Ordinal);
    private bool _needsOutcome;
    private int _recipes;

    /// <summary>Initializes a new instance of the <see cref="StudyReplay"/> class, which has not read any records yet.</summary>
    /// <param name="folder">The folder of the study.</param>
    /// <param name="file">The study.</param>
    public StudyReplay(StudyFolder folder, StudyFile file)
    {
        (_folder, _file) = (folder, file);
        _proposals = new Proposals(_known, file.Settings.TrainingData.Count > 0, file.Settings.Allowed);
        _proposed = _proposals.All().GetEnumerator();
    }

    /// <summary>Gets the tasks that were proposed so far, in their order.</summary>
    public IReadOnlyList<StudyTask> Tasks => _tasks;

    /// <summary>Gets whether all tasks have been proposed.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Gets the tasks without a record.</summary>
    public IEnumerable<StudyTask> Open => _tasks.Where(task => !_records.ContainsKey(task.Key));

    /// <summary>Returns the record of a task; null if there is none yet.</summary>
    public StudyRecord? Record(StudyTask task) => _records.GetValueOrDefault(task.Key);

    /// <summary>Reads new records, and proposes the tasks that follow from them.</summary>
    /// <exception cref="CompressionException">The model or its data cannot be used.</exception>
    public void Advance(CancellationToken cancellationToken)
    {
        foreach (var task in Open.ToArray())
            Read(task, cancellationToken);
        while (!IsComplete)
        {
            if (_needsOutcome)
            {
                var waiting = _proposals.Waiting ?? throw new InvalidOperationException("A proposal waits for an outcome, and all tasks have one.");
                if (Record(waiting) is not { } record)
                    return;
                _known.Add(waiting, record.Outcome);
            }

            Propose(cancellationToken);
        }
    }

    private void Propose(CancellationToken cancellationToken)
    {
        if (!_proposed.MoveNext() || (_proposed.Current is RecipeTask && _recipes == _file.Trials))
        {
            IsComplete = true;
            return;
        }

        _needsOutcome = _proposed.Current is null;
        if (_proposed.Current is not { } task)
            return;
        if (task is RecipeTask)
            _recipes++;
        _tasks.Add(task);
        Read(task, cancellationToken);
    }

    private void Read(StudyTask task, CancellationToken cancellationToken)
    {
        if (_folder.Find(_file.Id, task) is not { } record)
            return;
        // The first recipe only optimizes the graph. If it cannot run, the cause is the model or its data, so the study ends.
        if (record.Fault is { } fault && task == _tasks[0])
            throw fault.ToException(cancellationToken);
        _records[task.Key] = record;
    }
}
