namespace ModelBuild.Cli.Processes;

/// <summary>Represents the limits of a child process.</summary>
/// <param name="Bytes">The largest physical memory in bytes; null for no limit.</param>
/// <param name="Time">The longest time of the process; null for no limit.</param>
internal sealed record ProcessLimits(long? Bytes, TimeSpan? Time)
{
    /// <summary>Gets the value for a process without limits.</summary>
    public static ProcessLimits None { get; } = new(null, null);
}
