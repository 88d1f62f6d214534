using System.Globalization;
using System.Security.Cryptography;

namespace ModelBuild.Integration.Tests.Building;

/// <summary>A folder with throw-away projects.</summary>
public sealed class Workspace(PackedFeed feed, string root)
{
    private int _builds;

    /// <summary>The absolute folder.</summary>
    public string Root { get; } = root;

    /// <summary>The version of the package.</summary>
    public string Version => feed.Version;

    /// <summary>The folder of the run's packages; more can be added.</summary>
    public string Feed => feed.Feed;

    /// <summary>More of the environment, for all that is started from now on.</summary>
    public Dictionary<string, string> Environment { get; } = new() { ["ModelBuildCacheDirectory"] = feed.Cache };

    /// <summary>The absolute path of a file or folder.</summary>
    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Writes a text file, with its folders.</summary>
    public string Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[relative])!);
        File.WriteAllText(this[relative], text);
        return this[relative];
    }

    /// <summary>Writes a tiny model.</summary>
    public string WriteModel(string relative, int seed = 1)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[relative])!);
        TinyModels.Classifier(seed).Save(this[relative]);
        return this[relative];
    }

    /// <summary>Writes a project that refers to the package.</summary>
    /// <param name="relative">The project file.</param>
    /// <param name="properties">XML for its property group.</param>
    /// <param name="items">XML for its item group.</param>
    /// <param name="sdk">Its SDK.</param>
    public string WriteProject(string relative, string properties = "", string items = "", string sdk = "Microsoft.NET.Sdk") =>
        Write(
            relative,
            $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                {(properties.Contains("<TargetFramework", StringComparison.Ordinal) ? "" : "<TargetFramework>net10.0</TargetFramework>")}
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ModelBuild" Version="{Version}" />
                {items}
              </ItemGroup>
            </Project>
            """
        );

    /// <summary>Runs <c>dotnet COMMAND</c> with a binary log, and expects it to succeed.</summary>
    public async Task<BuildResult> BuildAsync(params string[] arguments)
    {
        var result = await TryBuildAsync(arguments);
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{result.Output}");
        return result;
    }

    /// <summary>Runs <c>dotnet COMMAND</c> with a binary log.</summary>
    public async Task<BuildResult> TryBuildAsync(params string[] arguments)
    {
        var log = this[$"build{Interlocked.Increment(ref _builds).ToString(CultureInfo.InvariantCulture)}.binlog"];
        var (exitCode, output) = await Dotnet.RunAsync(Machine.Dotnet, [.. arguments, "-bl:" + log, "-nodeReuse:false", "-tl:off", "-v:m"], Root, Environment);
        return new BuildResult(exitCode, output, log);
    }

    /// <summary>Runs a program that a build made, and returns what it prints.</summary>
    public async Task<string> RunAsync(string relative, params string[] arguments)
    {
        var path = this[relative];
        var (exitCode, output) = path.EndsWith(".dll", StringComparison.Ordinal)
            ? await Dotnet.RunAsync(Machine.Dotnet, [path, .. arguments], Path.GetTempPath())
            : await Dotnet.RunAsync(path, arguments, Path.GetTempPath());
        Assert.True(exitCode == 0, output);
        return output.Trim();
    }

    /// <summary>The SHA-256 of a file.</summary>
    public string Hash(string relative) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(this[relative])));

    /// <summary>Every file below a folder, relative to it, with slashes, in ordinal order.</summary>
    public IReadOnlyList<string> Files(string relative) =>
        Directory.Exists(this[relative])
            ?
            [
                .. Directory
                    .EnumerateFiles(this[relative], "*", SearchOption.AllDirectories)
                    .Select(path => Path.GetRelativePath(this[relative], path).Replace('\\', '/'))
                    .Order(StringComparer.Ordinal),
            ]
            : [];
}
