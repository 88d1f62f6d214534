using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary>Determines the size limit of the cache folder.</summary>
internal static class CacheLimit
{
    /// <summary>The name of the build property with the size limit, which may come from the environment.</summary>
    public const string Property = "ModelBuildCacheSize";

    /// <summary>Returns the number of bytes that a text states, or the default for an empty text.</summary>
    /// <exception cref="CompressionException">MB1005: the text is not a size.</exception>
    public static long Of(string? text) => ByteSize.Parse(Property, text) ?? CacheFolder.DefaultLimit;

    /// <summary>Returns the number of bytes that this user's environment states, or the default.</summary>
    /// <exception cref="CompressionException">MB1005: the text is not a size.</exception>
    public static long OfEnvironment() => Of(Environment.GetEnvironmentVariable(Property));
}
