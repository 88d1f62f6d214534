namespace ModelBuild.Cli.Hosting;

/// <summary>Lists the exit codes of the program.</summary>
internal static class ExitCode
{
    /// <summary>The command succeeded.</summary>
    public const int Good = 0;

    /// <summary>The command failed because of the model, its data or its budget, or it was cancelled.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not valid.</summary>
    public const int Usage = 2;
}
