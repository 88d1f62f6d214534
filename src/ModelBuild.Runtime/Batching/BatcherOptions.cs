namespace ModelBuild.Runtime;

/// <summary>How single calls are gathered into runs.</summary>
public sealed record BatcherOptions
{
    /// <summary>The most rows of one run. A call with more of its own runs alone.</summary>
    public int MaxRows { get; init; } = 32;

    /// <summary>
    /// How long the first call of a run waits for others. Zero, the default, waits for nothing: while one run is under way the next one gathers by itself, so that a
    /// quiet service answers at once and a busy one fills its batches.
    /// </summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>How many calls may wait. More have to wait until they may: their tasks do not end, and their callers feel the pressure.</summary>
    public int Capacity { get; init; } = 1024;

    /// <summary>How many runs may be under way at once. Null takes as many as the model has sessions (<see cref="ModelOptions.Parallel"/>).</summary>
    public int? Runs { get; init; }

    /// <summary>
    /// Says that every output has a row for each row of the inputs, where the model's own names of dimensions do not: an exporter may have named them differently, or not at all. Models whose outputs have
    /// as many rows as they find things must not be batched.
    /// </summary>
    public bool AssumeRows { get; init; }
}
