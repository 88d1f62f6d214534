namespace ModelBuild.Compression.Caching.Remote;

/// <summary>Specifies the outcome of a write to a remote cache.</summary>
internal enum WriteAnswer
{
    /// <summary>The server has the file after the write.</summary>
    Taken,

    /// <summary>The server does not allow this user to write.</summary>
    Forbidden,

    /// <summary>The file is larger than the server allows.</summary>
    TooLarge,

    /// <summary>The write failed for another reason, so that the server counts as not working.</summary>
    Failed,
}
