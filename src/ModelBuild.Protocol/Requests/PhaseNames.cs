namespace ModelBuild.Protocol;

/// <summary>The names of the two build phases in file names and in the program's commands.</summary>
internal static class PhaseNames
{
    /// <summary>Reads the model's signature.</summary>
    public const string Inspect = "inspect";

    /// <summary>Compresses the model.</summary>
    public const string Compress = "compress";

    /// <summary>Returns the program's command of a build phase.</summary>
    public static string Command(string stage) => "build-" + stage;
}
