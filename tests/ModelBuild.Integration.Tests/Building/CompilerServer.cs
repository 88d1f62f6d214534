using System.Reflection;

namespace ModelBuild.Integration.Tests.Building;

/// <summary>
/// The compiler's process that the builds of one run share, under a name of their own. It never meets generators of another version under the same path,
/// because
/// each run packs its packages under a version of its own.
/// </summary>
internal static class CompilerServer
{
    private static readonly string Name = $"modelbuild-tests-{Guid.NewGuid():N}";

    /// <summary>The environment variables that make a build use the process. MSBuild reads them as properties.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["UseSharedCompilation"] = "true", ["SharedCompilationId"] = Name };

    /// <summary>Ends the process if it runs.</summary>
    public static async Task StopAsync()
    {
        var folder = typeof(CompilerServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Compiler").Value!;
        await Dotnet.RunAsync(Machine.Dotnet, [Path.Combine(folder, "bincore", "VBCSCompiler.dll"), "-shutdown", $"-pipename:{Name}"], Path.GetTempPath());
    }
}
