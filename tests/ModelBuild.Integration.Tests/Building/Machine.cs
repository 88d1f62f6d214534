using System.Reflection;

namespace ModelBuild.Integration.Tests.Building;

/// <summary>The paths of tools and folders on the machine that runs the tests.</summary>
internal static class Machine
{
    /// <summary>The configuration that the repository was built in.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The packages that the repository's own restore left on this machine; throw-away projects take theirs from there.</summary>
    public static string PackageFolder { get; } = Metadata("PackageFolder");

    /// <summary>A program that follows the protocol and compresses nothing.</summary>
    public static string FakeProgram { get; } =
        Path.Combine(Testing.Corpus.Repository, "tests", "ModelBuild.Tasks.Tests", "FakeProgram", "bin", Configuration, "net10.0", "FakeProgram.dll");

    /// <summary>The <c>dotnet</c> that runs these tests.</summary>
    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    private static string Metadata(string key) =>
        typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
