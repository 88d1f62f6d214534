namespace ModelBuild.Protocol;

/// <summary>Lists the exit codes of the process of <c>modelbuild serve</c>.</summary>
internal static class ServeExit
{
    /// <summary>The exit code when the server ended on request.</summary>
    public const int Ended = 0;

    /// <summary>The exit code when the process cannot serve.</summary>
    public const int Failed = 1;

    /// <summary>The exit code when the server received the request to end, and a run of a model did not end in time.</summary>
    public const int Interrupted = 3;
}
