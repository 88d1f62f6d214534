using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Tuning;

/// <summary>Represents the file <c>study.json</c> of a study, from which workers on any machine read their work.</summary>
internal sealed record StudyFile
{
    /// <summary>Gets a text that identifies the study. By it a worker of an earlier study in the same folder detects that another study has begun.</summary>
    public required string Id { get; init; }

    /// <summary>Gets a text that identifies the run of the study. Workers of an earlier run end when another run begins.</summary>
    public required string Run { get; init; }

    /// <summary>Gets the facts about the model, the data and the versions that the study depends on.</summary>
    public required StudyFacts Facts { get; init; }

    /// <summary>Gets the settings that all trials have in common.</summary>
    public required StudySettings Settings { get; init; }

    /// <summary>Gets the largest number of recipes that run; null for no limit.</summary>
    public int? Trials { get; init; }

    /// <summary>
    /// Gets the time in seconds after which a worker counts as lost if it does not write to its claim. Caches of network file systems keep times for up to a
    /// minute.
    /// </summary>
    public double LeaseSeconds { get; init; } = 90;
}
