namespace ModelBuild.Protocol;

/// <summary>The names of the build's two stages, in names of files and of the program's commands.</summary>
internal static class StageNames
{
    /// <summary>Reads the model's signature.</summary>
    public const string Inspect = "inspect";

    /// <summary>Compresses the model.</summary>
    public const string Compress = "compress";

    /// <summary>The program's command for a stage.</summary>
    public static string Command(string stage) => "build-" + stage;
}
