using ModelBuild.Compression.Tuning.Allocation;

namespace ModelBuild.Compression.Tuning.Results;

/// <summary>The outcome of a task. One of the properties is set; none is set for a table that does not exist.</summary>
internal sealed record StudyOutcome
{
    /// <summary>The result of the recipe that the task ran.</summary>
    public TrialResult? Result { get; init; }

    /// <summary>The table of errors that the task measured.</summary>
    public ChoiceTable? Table { get; init; }

    /// <summary>The reason why the task has no result, in one sentence.</summary>
    public string? Failure { get; init; }
}
