using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Cli.Tuning;

/// <summary>The file of a finished task.</summary>
/// <param name="Key">The key of the task.</param>
/// <param name="Outcome">The outcome of the task.</param>
internal sealed record StudyRecord(string Key, StudyOutcome Outcome);
