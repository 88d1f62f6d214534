using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary>The size that the cache folder is kept below.</summary>
internal static class CacheLimit
{
    /// <summary>The property of builds, which may come from the environment.</summary>
    public const string Property = "ModelBuildCacheSize";

    /// <summary>Returns the number of bytes that a text means, or the default.</summary>
    /// <exception cref="CompressionException">MB1005: the text is not a size.</exception>
    public static long Of(string? text) => ByteSize.Parse(Property, text) ?? CacheFolder.DefaultLimit;

    /// <summary>Returns the number of bytes of this user's environment, or the default.</summary>
    /// <exception cref="CompressionException">MB1005: the text is not a size.</exception>
    public static long OfEnvironment() => Of(Environment.GetEnvironmentVariable(Property));
}
