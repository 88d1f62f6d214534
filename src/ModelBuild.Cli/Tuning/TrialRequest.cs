using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Tuning;

/// <summary>Represents the work of a child process of a study. One of <see cref="Recipe"/>, <see cref="Storage"/> and <see cref="Integers"/> is set.</summary>
internal sealed record TrialRequest
{
    /// <summary>Gets the settings that all trials of the study have in common.</summary>
    public required StudySettings Settings { get; init; }

    /// <summary>Gets the recipe to run in its one-line form.</summary>
    public string? Recipe { get; init; }

    /// <summary>Gets the structure for which the errors of stored layers are measured.</summary>
    public Structure? Storage { get; init; }

    /// <summary>Gets the steps for which the errors of integer layers are measured.</summary>
    public string? Integers { get; init; }

    /// <summary>Gets the folder of the results that all trials share; empty to share nothing.</summary>
    public string Shared { get; init; } = "";

    /// <summary>Gets the path of the result of the recipe.</summary>
    public string Output { get; init; } = "";

    /// <summary>Gets the path of the trained values of the recipe.</summary>
    public string Trained { get; init; } = "";
}
