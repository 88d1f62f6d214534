using ModelBuild.Compression.Tuning.Allocation;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Compression.Tuning;

/// <summary>The outcomes that a study has found so far.</summary>
internal sealed class StudyState
{
    private readonly Dictionary<string, StudyOutcome> _outcomes = new(StringComparer.Ordinal);
    private readonly List<(RecipeTask Task, TrialResult Result)> _trials = [];

    /// <summary>The recipes with results, in the order in which they ran.</summary>
    public IReadOnlyList<(RecipeTask Task, TrialResult Result)> Trials => _trials;

    /// <summary>The trials whose results are on the front, in the order of their bytes.</summary>
    public IReadOnlyList<(RecipeTask Task, TrialResult Result)> OnFront { get; private set; } = [];

    /// <summary>The number of outcomes that were added.</summary>
    public int Count => _outcomes.Count;

    /// <summary>Returns whether a task has an outcome.</summary>
    public bool Has(StudyTask task) => _outcomes.ContainsKey(task.Key);

    /// <summary>Returns the result of a recipe; null if it has none.</summary>
    public TrialResult? Result(string recipe) => _outcomes.GetValueOrDefault(recipe)?.Result;

    /// <summary>Returns the table of errors that a task measured; null if it was not measured, or does not exist.</summary>
    public ChoiceTable? Table(StudyTask task) => _outcomes.GetValueOrDefault(task.Key)?.Table;

    /// <summary>Adds the outcome of a task.</summary>
    public void Add(StudyTask task, StudyOutcome outcome)
    {
        _outcomes.Add(task.Key, outcome);
        if (task is not RecipeTask recipe || outcome.Result is not { } result)
            return;
        _trials.Add((recipe, result));
        OnFront = [.. Front.Of([.. _trials.Select(trial => trial.Result)]).Select(i => _trials[i])];
    }
}
