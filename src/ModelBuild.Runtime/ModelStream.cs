using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace ModelBuild.Runtime;

/// <summary>
/// Calls in a row of which each takes over the states of the one before. For generated code. One caller at a time: a second one is told so. It has a call of its own, so
/// that its states stay where they are.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "A stream of calls is what it is.")]
public sealed class ModelStream : IDisposable
{
    private const int Idle = 0;
    private const int Busy = 1;
    private const int Closed = 2;
    private const int BusyAndClosing = 3;

    private readonly ModelHost _host;
    private readonly ModelCall _call;
    private int _use;

    internal ModelStream(ModelHost host, ReadOnlySpan<int> sizes)
    {
        _host = host;
        _call = new ModelCall(host, this, host.StreamShapes!, host.Contract.Stream!);
        for (var i = 0; i < sizes.Length; i++)
            _call.SetDimension(i, sizes[i]);
    }

    /// <summary>Takes the call to fill and run. The result of the call before ends here.</summary>
    /// <exception cref="InvalidOperationException">Another caller uses the stream right now.</exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public ModelCall Begin()
    {
        Enter();
        _call.Take();
        return _call;
    }

    /// <summary>Lets the states begin with zeros again, and with other sizes where the inputs say so.</summary>
    /// <exception cref="InvalidOperationException">Another caller uses the stream right now.</exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public void Reset()
    {
        Enter();
        _call.ResetStates();
        End();
    }

    /// <summary>Closes the stream: at once, or when the call that runs now has ended. Its last result stays valid.</summary>
    public void Dispose()
    {
        while (Volatile.Read(ref _use) is (Idle or Busy) and var use)
            if (Interlocked.CompareExchange(ref _use, use == Idle ? Closed : BusyAndClosing, use) == use && use == Idle)
                _call.Free();
    }

    /// <summary>A call has ended, well or not.</summary>
    internal void End()
    {
        if (Interlocked.CompareExchange(ref _use, Idle, Busy) == BusyAndClosing)
        {
            Volatile.Write(ref _use, Closed);
            _call.Free();
        }
    }

    private void Enter()
    {
        var use = Interlocked.CompareExchange(ref _use, Busy, Idle);
        ObjectDisposedException.ThrowIf(use is Closed or BusyAndClosing, this);
        if (use == Busy)
            throw new InvalidOperationException(
                $"Two callers use one stream of {_host.Contract.Name} at once. Each call takes over the state of the one before: wait for it, or open a stream for each caller."
            );
    }
}
