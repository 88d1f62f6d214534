namespace ModelBuild.Cli.Processes;

/// <summary>Represents the result of a child process.</summary>
/// <param name="Output">The text that the process wrote to its standard output.</param>
/// <param name="Error">The text that the process wrote to its standard error.</param>
/// <param name="ExitCode">The exit code of the process.</param>
/// <param name="Exceeded">The limit that the process exceeded, in words; null if the process ended by itself.</param>
internal sealed record ProcessEnd(string Output, string Error, int ExitCode, string? Exceeded)
{
    /// <summary>Gets the last line of the standard error; null if there is none.</summary>
    public string? LastError => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}
