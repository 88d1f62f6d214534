using ModelBuild.Cli.Output;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Cli.Tuning;

/// <summary>Represents the file of a finished task.</summary>
/// <param name="Study">The id of the study.</param>
/// <param name="Key">The key of the task.</param>
/// <param name="Outcome">The outcome of the task.</param>
internal sealed record StudyRecord(string Study, string Key, StudyOutcome Outcome)
{
    /// <summary>
    /// Gets the reason why the model or its data cannot be used for the task; null if the task has a result, or if its process ended without an answer.
    /// </summary>
    public Failure? Fault { get; init; }
}
