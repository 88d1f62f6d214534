namespace ModelBuild.Protocol;

/// <summary>Lists the options of the commands that the build starts.</summary>
internal static class ProgramOptions
{
    /// <summary>The option by which the program ends when its standard input is closed.</summary>
    public const string WatchInput = "--watch-stdin";

    /// <summary>The option by which the program writes a progress file for each model. It is followed by the path of the folder of these files.</summary>
    public const string ProgressFolder = "--progress-folder";

    /// <summary>The option with the path of the file that has the state of the remote cache, which the processes of one build share.</summary>
    public const string RemoteCacheState = "--remote-cache-state";
}
