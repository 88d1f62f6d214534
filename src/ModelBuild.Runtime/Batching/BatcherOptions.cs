namespace ModelBuild.Runtime;

/// <summary>Contains the options of a batcher, which gathers single calls into runs.</summary>
public sealed record BatcherOptions
{
    /// <summary>Gets the maximum number of rows of one run; the default is 32. A call with more rows runs alone.</summary>
    public int MaxRows { get; init; } = 32;

    /// <summary>
    /// Gets the maximum time that the first call of a run waits for others; the default is zero. With zero, calls are gathered only while other runs are in
    /// progress, so that the latency is low under light load and batches are full under heavy load.
    /// </summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>
    /// Gets the maximum number of queued calls; the default is 1024. Further calls wait asynchronously for a place in the queue (back-pressure).
    /// </summary>
    public int Capacity { get; init; } = 1024;

    /// <summary>Gets the maximum number of concurrent runs; null for <see cref="ModelOptions.Parallel"/> times the number of stages.</summary>
    public int? Runs { get; init; }

    /// <summary>
    /// Gets whether the batcher assumes that every output has a row for each input row, when the symbols of the dimensions do not declare it. Set it when the
    /// model was exported with other symbols or none. Do not set it for models whose outputs have as many rows as detected objects or tokens.
    /// </summary>
    public bool AssumeRows { get; init; }
}
