namespace ModelBuild.Compression.Caching.Remote;

/// <summary>Specifies the outcome of a write to a remote cache.</summary>
internal enum WriteAnswer
{
    /// <summary>The server has the file.</summary>
    Taken,

    /// <summary>This user may not write.</summary>
    Forbidden,

    /// <summary>The file is larger than the server allows.</summary>
    TooLarge,

    /// <summary>The server does not work.</summary>
    Failed,
}
