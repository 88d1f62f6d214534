namespace ModelBuild.Compression.Tuning.Candidates;

/// <summary>The tasks that a study has proposed, in their order.</summary>
/// <param name="state">The outcomes so far.</param>
internal sealed class ProposedTasks(StudyState state)
{
    private readonly List<StudyTask> _tasks = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>The first task that has no outcome yet; null if all have one.</summary>
    public StudyTask? Waiting => state.Count < _tasks.Count ? _tasks[state.Count] : null;

    /// <summary>The number of tasks that have no outcome yet.</summary>
    public int Open => _tasks.Count - state.Count;

    /// <summary>Adds a task to those that the study has proposed.</summary>
    /// <returns>False if the same task was proposed before.</returns>
    public bool Add(StudyTask task)
    {
        if (!_keys.Add(task.Key))
            return false;
        _tasks.Add(task);
        return true;
    }

    /// <summary>Returns whether a task was proposed before.</summary>
    public bool Has(StudyTask task) => _keys.Contains(task.Key);
}
