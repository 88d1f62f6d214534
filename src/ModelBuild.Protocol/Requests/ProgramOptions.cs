namespace ModelBuild.Protocol;

/// <summary>The options of the commands that the build starts.</summary>
internal static class ProgramOptions
{
    /// <summary>The program ends when its standard input is closed.</summary>
    public const string WatchInput = "--watch-stdin";

    /// <summary>The program writes a progress file for each model into the folder that follows.</summary>
    public const string ProgressFolder = "--progress-folder";
}
