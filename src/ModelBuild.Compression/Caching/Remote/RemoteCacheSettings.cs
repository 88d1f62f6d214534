namespace ModelBuild.Compression.Caching.Remote;

/// <summary>The settings of a remote cache, a server that shares compressed models.</summary>
/// <param name="Address">The address, below which are <c>ac/</c> and <c>cas/</c>.</param>
internal sealed record RemoteCacheSettings(Uri Address)
{
    /// <summary>The time that the server may take to answer, or to continue, if the user sets none.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    /// <summary>Whether results of this machine are written to the server.</summary>
    public bool Push { get; init; }

    /// <summary>Whether results from the server are verified on this machine.</summary>
    public bool Verify { get; init; }

    /// <summary>The secret that the user set for the server; null for none.</summary>
    public RemoteCredentials? Secret { get; init; }

    /// <summary>A sentence that describes the fault of the secret; null if there is none.</summary>
    public string? SecretFault { get; init; }

    /// <summary>The time that the server may take to answer, or to continue after a pause.</summary>
    public TimeSpan Patience { get; init; } = DefaultPatience;

    /// <summary>Gets the secret that requests contain; null if there is none, or if it would cross a network without encryption.</summary>
    public RemoteCredentials? SentSecret => ExposesSecret ? null : Secret;

    /// <summary>Gets whether the secret would cross a network without encryption.</summary>
    public bool ExposesSecret => Secret is not null && Address.Scheme == RemoteCacheUrl.PlainScheme && !Address.IsLoopback;
}
