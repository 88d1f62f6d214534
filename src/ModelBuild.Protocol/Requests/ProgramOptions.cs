namespace ModelBuild.Protocol;

/// <summary>The options of the commands that the build starts.</summary>
internal static class ProgramOptions
{
    /// <summary>The program ends when its standard input is closed.</summary>
    public const string WatchInput = "--watch-stdin";

    /// <summary>The program writes a progress file for each model into the folder that follows.</summary>
    public const string ProgressFolder = "--progress-folder";

    /// <summary>The file that follows has what earlier starts of the program in the same build know about the remote cache.</summary>
    public const string RemoteCacheState = "--remote-cache-state";
}
