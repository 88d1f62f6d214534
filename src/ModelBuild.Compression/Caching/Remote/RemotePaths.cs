namespace ModelBuild.Compression.Caching.Remote;

/// <summary>The paths below the address of a remote cache.</summary>
internal static class RemotePaths
{
    /// <summary>Returns the path of the list of an entry.</summary>
    public static string List(string key) => $"ac/{key}";

    /// <summary>Returns the path of a file.</summary>
    public static string File(string hash) => $"cas/{hash}";
}
