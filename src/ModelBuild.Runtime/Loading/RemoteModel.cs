namespace ModelBuild.Runtime;

/// <summary>Describes a model on a server that implements the Open Inference Protocol (KServe v2) over HTTP, such as Triton.</summary>
/// <param name="Address">The absolute address of the server without <c>/v2</c>.</param>
/// <exception cref="ArgumentException">The address has a user name, a query or a fragment.</exception>
public sealed record RemoteModel(Uri Address)
{
    private readonly Uri _address = Check(Address);

    /// <summary>Gets the absolute address of the server without <c>/v2</c>.</summary>
    /// <exception cref="ArgumentException">The address has a user name, a query or a fragment.</exception>
    public Uri Address
    {
        get => _address;
        init => _address = Check(value);
    }

    /// <summary>Gets the name of the model on the server; null for the name of the class without its namespace.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the version of the model; null for the version that the server chooses.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the deadline of a call, which includes its repetitions; the default is 100 seconds, and the maximum is 24 days.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// Gets the number of times that a call is repeated when the server answers 503, because its queue is full; the default is 3. Other errors are not
    /// repeated.
    /// </summary>
    public int Retries { get; init; } = 3;

    /// <summary>
    /// Gets the wait before the first repetition, which doubles with each further one up to 10 seconds; the default is 0.1 seconds. A longer
    /// <c>Retry-After</c> of the server replaces it. A call fails at once when the server asks for a wait beyond the deadline.
    /// </summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// Gets the client that sends the requests, for example with a header for authentication; null for one that all models of the process share. The model does
    /// not dispose the client. If <see cref="Timeout"/> is longer than the time limit of the client, set the time limit of the client to infinity.
    /// </summary>
    public HttpClient? Client { get; init; }

    /// <summary>Gets the largest number of bytes of the answer to a call; the default is 1 GiB. A call with a larger answer fails.</summary>
    public int MaxResponseBytes { get; init; } = 1 << 30;

    private static Uri Check(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        // The message does not repeat the address, which may contain a password.
        if (address.IsAbsoluteUri && (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0))
            throw new ArgumentException("The address of a server cannot have a user name, a query or a fragment. Set RemoteModel.Client for authentication.");
        return address;
    }
}
