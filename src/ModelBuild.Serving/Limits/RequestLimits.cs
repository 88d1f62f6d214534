namespace ModelBuild.Serving.Limits;

/// <summary>Counts the requests in progress and the bytes of their bodies.</summary>
internal sealed class RequestLimits
{
    private int _requests;
    private long _bytes;

    public RequestLimits(ModelServingOptions options)
    {
        options.Check();
        Options = options;
    }

    public ModelServingOptions Options { get; }

    /// <summary>Counts a request as in progress until <see cref="Exit"/> is called.</summary>
    /// <exception cref="ServingException">As many requests are in progress as the options allow.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _requests) <= Options.MaxConcurrentRequests)
            return;
        Interlocked.Decrement(ref _requests);
        throw ServingException.Busy($"The queue is full: {Options.MaxConcurrentRequests} requests are in progress. Try again later.");
    }

    public void Exit() => Interlocked.Decrement(ref _requests);

    /// <summary>Reserves memory for the body of a request until <see cref="Release"/> is called.</summary>
    /// <exception cref="ServingException">The requests would occupy more memory than the options allow.</exception>
    public void Reserve(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= Options.MaxBufferedBytes)
            return;
        Interlocked.Add(ref _bytes, -bytes);
        throw ServingException.Busy($"The requests in progress occupy the {Options.MaxBufferedBytes} bytes that the server allows. Try again later.");
    }

    public void Release(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
