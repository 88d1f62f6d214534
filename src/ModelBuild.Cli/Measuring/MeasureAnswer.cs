using ModelBuild.Cli.Output;
using ModelBuild.Compression.Profiling;

namespace ModelBuild.Cli.Measuring;

/// <summary>Represents the measurements of a child process, which the process writes to its standard output.</summary>
internal sealed record MeasureAnswer
{
    /// <summary>Gets the reason why nothing was measured; null if the models ran.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Gets the times and the memory of each model.</summary>
    public IReadOnlyList<ModelTimes> Models { get; init; } = [];

    /// <summary>Gets the times of the nodes of the first model; null if they were not requested.</summary>
    public RunProfile? Profile { get; init; }
}
