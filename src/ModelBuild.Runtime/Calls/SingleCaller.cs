namespace ModelBuild.Runtime.Calls;

/// <summary>Admits one caller at a time to a stream. The resources of the stream are freed when it is closed and no call is in progress.</summary>
/// <param name="model">The name of the generated class, for messages.</param>
/// <param name="free">Frees the resources. It runs once.</param>
internal sealed class SingleCaller(string model, Action free)
{
    private const int Idle = 0;
    private const int Busy = 1;
    private const int Closed = 2;
    private const int BusyAndClosing = 3;

    private int _use;

    /// <summary>Begins a call of the stream.</summary>
    /// <param name="stream">The stream, for the exception.</param>
    /// <exception cref="InvalidOperationException">Another call is in progress.</exception>
    /// <exception cref="ObjectDisposedException">The stream is closed.</exception>
    public void Enter(object stream)
    {
        var use = Interlocked.CompareExchange(ref _use, Busy, Idle);
        ObjectDisposedException.ThrowIf(use is Closed or BusyAndClosing, stream);
        if (use == Busy)
            throw new InvalidOperationException(
                $"Two callers use one stream of {model} at once. "
                    + "Each call continues with the state of the previous call: wait for it, or open a stream for each caller."
            );
    }

    /// <summary>Ends the call in progress, whether it succeeded or failed.</summary>
    public void Exit()
    {
        if (Interlocked.CompareExchange(ref _use, Idle, Busy) == BusyAndClosing)
        {
            Volatile.Write(ref _use, Closed);
            free();
        }
    }

    /// <summary>Closes the stream, immediately or when the call in progress has ended.</summary>
    public void Close()
    {
        while (Volatile.Read(ref _use) is (Idle or Busy) and var use)
            if (Interlocked.CompareExchange(ref _use, use == Idle ? Closed : BusyAndClosing, use) == use && use == Idle)
                free();
    }
}
