namespace ModelBuild.Cli.Processes;

/// <summary>How this program is started. It runs as <c>dotnet modelbuild.dll</c>, or by the executable file of the tool.</summary>
internal static class ThisProgram
{
    /// <summary>The path of the executable file.</summary>
    public static string Host => Environment.ProcessPath!;

    /// <summary>The arguments before the command.</summary>
    public static IReadOnlyList<string> Arguments =>
        Path.GetFileNameWithoutExtension(Host) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "modelbuild.dll")] : [];
}
