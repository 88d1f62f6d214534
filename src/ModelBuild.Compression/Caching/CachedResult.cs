using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Caching;

/// <summary>The result of compressing a model, copied to the output of the build.</summary>
/// <param name="Receipt">The receipt.</param>
/// <param name="Source">The place from which the result came.</param>
internal sealed record CachedResult(Receipt Receipt, CacheSource Source)
{
    /// <summary>Gets whether a cache had the result.</summary>
    public bool Hit => Source != CacheSource.None;
}
