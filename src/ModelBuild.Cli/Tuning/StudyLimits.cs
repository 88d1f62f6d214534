namespace ModelBuild.Cli.Tuning;

/// <summary>Represents the limits that end a study.</summary>
/// <param name="Time">The longest time, including the measurement of latencies; null for no limit.</param>
/// <param name="Trials">The largest number of recipes that run; null for no limit.</param>
internal sealed record StudyLimits(TimeSpan? Time, int? Trials);
