using System.Globalization;
using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing;

[assembly: AssemblyFixture(typeof(PackedFeed))]

namespace ModelBuild.Integration.Tests.Building;

/// <summary>
/// A folder outside of the repository with the packages, packed once for the run under a version of its own (the build keeps tasks and
/// generators of a version that it has seen), a packages folder, a cache, and files that keep settings from further up out.
/// </summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private int _projects;

    /// <summary>The folder; projects lie in folders below it.</summary>
    public string Root { get; } = Path.Combine(Path.GetTempPath(), "modelbuild-tests-" + Guid.NewGuid().ToString("N")[..8]);

    /// <summary>The version that projects refer to.</summary>
    public string Version { get; } =
        "0.1.0-test." + DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>The feed of the run's packages.</summary>
    public string Feed => Path.Combine(Root, "feed");

    /// <summary>The cache of compressed models that all projects share.</summary>
    public string Cache => Path.Combine(Root, "cache");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Feed);
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "Directory.Solution.targets" })
            await File.WriteAllTextAsync(Path.Combine(Root, name), "<Project />");
        // There is no other source. The packages that most projects need were restored with the repository, so their tests run without a network.
        await WriteSourcesAsync("offline", "<clear />");
        await WriteSourcesAsync("online", "");
        foreach (
            var package in (string[])["ModelBuild", "ModelBuild.Hosting", "ModelBuild.Serving", "ModelBuild.Imaging", "ModelBuild.Audio", "ModelBuild.Text"]
        )
        {
            var (exitCode, output) = await Dotnet.RunAsync(
                Machine.Dotnet,
                [
                    "pack",
                    $"src/{package}/{package}.csproj",
                    "--no-build",
                    "-c",
                    Machine.Configuration,
                    "-p:PackageVersion=" + Version,
                    "-o",
                    Feed,
                    "-nodeReuse:false",
                    "-v:q",
                ],
                Corpus.Repository
            );
            Assert.True(exitCode == 0, output);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CompilerServer.StopAsync();
        if (Environment.GetEnvironmentVariable("MODELBUILD_KEEP_TESTS") is null)
            Directory.Delete(Root, recursive: true);
    }

    /// <summary>An empty folder for a project or a few.</summary>
    /// <param name="name">What the folder is called.</param>
    /// <param name="isOnline">Whether packages may also come from the machine's sources.</param>
    public Workspace NewWorkspace(string name, bool isOnline = false) =>
        new(this, Directory.CreateDirectory(Path.Combine(Root, isOnline ? "online" : "offline", $"{Interlocked.Increment(ref _projects):00}-{name}")).FullName);

    private async Task WriteSourcesAsync(string folder, string others) =>
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(Path.Combine(Root, folder)).FullName, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="../packages" /></config>
              <fallbackPackageFolders><clear /><add key="machine" value="{Machine.PackageFolder}" /></fallbackPackageFolders>
              <packageSources>{others}<add key="test" value="../feed" /></packageSources>
            </configuration>
            """
        );
}
