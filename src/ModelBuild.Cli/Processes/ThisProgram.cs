using System.Runtime.InteropServices;

namespace ModelBuild.Cli.Processes;

/// <summary>Starts further processes of this program, which runs as <c>dotnet modelbuild.dll</c>, or by the executable file of the tool.</summary>
internal static class ThisProgram
{
    /// <summary>Gets the path of the executable file of this process.</summary>
    public static string Host => Environment.ProcessPath!;

    /// <summary>Gets the arguments that precede the command when this program is started.</summary>
    public static IReadOnlyList<string> Arguments => IsDotnet ? [Path.Combine(AppContext.BaseDirectory, "modelbuild.dll")] : [];

    /// <summary>Gets the path of <c>dotnet</c>. The executable file of the tool runs on the runtime in the folder of a <c>dotnet</c>.</summary>
    public static string Dotnet =>
        IsDotnet ? Host
        : File.Exists(DotnetOfRuntime) ? DotnetOfRuntime
        : "dotnet";

    private static bool IsDotnet => Path.GetFileNameWithoutExtension(Host) == "dotnet";

    private static string DotnetOfRuntime =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
