using System.Runtime.InteropServices;

namespace ModelBuild.Cli.Hosting;

/// <summary>Finds the folders where NuGet stores the packages of this user.</summary>
internal static class PackageFolders
{
    /// <summary>Gets the names of this machine's platform in packages, the most specific first.</summary>
    public static IReadOnlyList<string> Platforms { get; } =
        OperatingSystem.IsMacOS() ? [Platform("osx"), "osx"]
        : OperatingSystem.IsWindows() ? [Platform("win")]
        : [RuntimeInformation.RuntimeIdentifier, Platform("linux")];

    /// <summary>Gets the folder of all packages: that of the environment variable, or the one in the user's profile.</summary>
    public static string Root =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Returns the folders of a package's versions, the newest first. Pre-release versions are left out.</summary>
    /// <param name="package">The name in lower case.</param>
    public static IEnumerable<string> Versions(string package)
    {
        var root = Path.Combine(Root, package);
        return !Directory.Exists(root)
            ? []
            : Directory
                .EnumerateDirectories(root)
                .Select(folder => (Folder: folder, Version: Version.TryParse(Path.GetFileName(folder), out var version) ? version : null))
                .Where(candidate => candidate.Version is not null)
                .OrderByDescending(candidate => candidate.Version)
                .Select(candidate => candidate.Folder);
    }

    private static string Platform(string system) => $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
}
