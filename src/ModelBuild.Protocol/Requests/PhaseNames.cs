namespace ModelBuild.Protocol;

/// <summary>Lists the names of the two build phases in file names and in the program's commands.</summary>
internal static class PhaseNames
{
    /// <summary>The build phase that reads the model's signature.</summary>
    public const string Inspect = "inspect";

    /// <summary>The build phase that compresses the model.</summary>
    public const string Compress = "compress";

    /// <summary>Returns the program's command of a build phase.</summary>
    public static string Command(string stage) => "build-" + stage;
}
