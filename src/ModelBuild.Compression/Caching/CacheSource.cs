namespace ModelBuild.Compression.Caching;

/// <summary>The place from which a result came.</summary>
internal enum CacheSource
{
    /// <summary>The model was compressed.</summary>
    None,

    /// <summary>The cache folder of this machine.</summary>
    Folder,

    /// <summary>The remote cache.</summary>
    Server,
}
