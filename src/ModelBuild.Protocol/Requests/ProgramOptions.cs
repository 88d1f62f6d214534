namespace ModelBuild.Protocol;

/// <summary>The options of the commands that the build starts.</summary>
internal static class ProgramOptions
{
    /// <summary>The program ends when its standard input is closed.</summary>
    public const string WatchInput = "--watch-stdin";

    /// <summary>The program writes a progress file for each model into the folder that follows.</summary>
    public const string ProgressFolder = "--progress-folder";

    /// <summary>The option is followed by the path of the file with the state of the remote cache, which the processes of one build share.</summary>
    public const string RemoteCacheState = "--remote-cache-state";
}
