namespace ModelBuild.Cli.Hosting;

/// <summary>What the program returns.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Good = 0;

    /// <summary>The model, its data, or its budget fails; or the work was cancelled.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;
}
