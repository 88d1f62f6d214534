using System.Diagnostics;
using System.Reflection;

namespace ModelBuild.Samples.Tests;

/// <summary>The samples of the repository, as they were built.</summary>
internal static class Samples
{
    public static string Folder { get; } = Metadata("Samples");

    /// <summary>Starts a sample with its output redirected.</summary>
    public static Process Start(string name, params string[] arguments)
    {
        var folder = Path.Combine(Folder, name);
        var program = Path.Combine(folder, "bin", Metadata("Configuration"), "net10.0", $"{name}.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    private static string Metadata(string key) =>
        typeof(Samples).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
