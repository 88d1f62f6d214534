using ModelBuild.Cli.Output;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Cli.Tuning;

/// <summary>Represents the answer of a child process of a study.</summary>
internal sealed record TrialAnswer
{
    /// <summary>Gets the outcome of the task; null if it failed.</summary>
    public StudyOutcome? Outcome { get; init; }

    /// <summary>Gets the reason why the task failed; null if it did not.</summary>
    public Failure? Failure { get; init; }
}
