namespace ModelBuild.Protocol;

/// <summary>The exit codes of the process of <c>modelbuild serve</c>.</summary>
internal static class ServeExit
{
    /// <summary>The server ended as it was asked to.</summary>
    public const int Ended = 0;

    /// <summary>The process does not serve.</summary>
    public const int Failed = 1;

    /// <summary>The server was asked to end, and a run of a model did not end in time.</summary>
    public const int Interrupted = 3;
}
