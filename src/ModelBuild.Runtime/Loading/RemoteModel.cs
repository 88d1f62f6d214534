namespace ModelBuild.Runtime;

/// <summary>Describes a model on a server which speaks the Open Inference Protocol (KServe v2) over HTTP, such as Triton.</summary>
/// <param name="Address">The absolute address of the server without <c>/v2</c>.</param>
public sealed record RemoteModel(Uri Address)
{
    /// <summary>Gets the name of the model on the server; null for the name of the class without its namespace.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the version of the model; null for the version that the server chooses.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the deadline of a call, which includes its repetitions; the default is 100 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// Gets how many times a call is repeated when the server answers 503, because its queue is full; the default is 3. Other errors are not repeated.
    /// </summary>
    public int Retries { get; init; } = 3;

    /// <summary>
    /// Gets the wait before the first repetition, which doubles with each further one; the default is 0.1 seconds. A longer <c>Retry-After</c> of the server
    /// replaces it.
    /// </summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// Gets the client that sends the requests, for example with a header for authentication; null for one that all models of the process share. The model does
    /// not dispose it. Set its own time limit to infinity if <see cref="Timeout"/> is longer.
    /// </summary>
    public HttpClient? Client { get; init; }
}
