namespace ModelBuild.Compression.Caching.Remote;

/// <summary>The paths below the address of a remote cache.</summary>
internal static class RemotePaths
{
    /// <summary>Returns the path of the list of an entry's files, from the key of the entry.</summary>
    public static string List(string key) => $"ac/{key}";

    /// <summary>Returns the path of a file from its SHA-256 hash.</summary>
    public static string File(string hash) => $"cas/{hash}";
}
