namespace ModelBuild.Cli.Caching;

/// <summary>Finds the cache folder of commands. ModelBuild.props has the same rules for builds.</summary>
internal static class CacheLocation
{
    /// <summary>The name of the build property with the path of the cache folder, which may come from the environment.</summary>
    public const string Property = "ModelBuildCacheDirectory";

    /// <summary>Returns the path of the cache folder.</summary>
    /// <param name="folder">The folder that the command names; null for the folder of this user's builds.</param>
    public static string Of(string? folder) =>
        Path.GetFullPath(
            folder
                ?? Variable(Property)
                ?? (OperatingSystem.IsWindows() && Variable("LOCALAPPDATA") is { } data ? Path.Combine(data, "ModelBuild", "cache") : null)
                ?? (Variable("XDG_CACHE_HOME") is { } cache ? Path.Combine(cache, "modelbuild") : null)
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "modelbuild")
        );

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
