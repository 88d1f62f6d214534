namespace ModelBuild.Compression.Caching;

/// <summary>Specifies whether a result came from a cache or from compressing the model.</summary>
internal enum CacheSource
{
    /// <summary>No cache had the result, so the model was compressed.</summary>
    None,

    /// <summary>The result came from the cache folder of this machine.</summary>
    Folder,

    /// <summary>The result came from the remote cache.</summary>
    Server,
}
