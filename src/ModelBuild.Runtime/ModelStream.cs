using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace ModelBuild.Runtime;

/// <summary>
/// Represents a series of calls in which each call continues with the states of the previous one. Generated code uses it. A stream serves one caller at a
/// time; a second caller gets an exception. The stream owns its call, which therefore keeps the states.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "The type represents a stream of calls.")]
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

    /// <summary>Starts a call, which the caller fills and runs. This invalidates the result of the previous call.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">Another caller is using the stream.</exception>
    /// <exception cref="ObjectDisposedException">The stream has been disposed.</exception>
    public ModelCall Begin()
    {
        Enter();
        _call.MarkRented();
        return _call;
    }

    /// <summary>Resets the states to zeros. The next call determines their sizes again.</summary>
    /// <exception cref="InvalidOperationException">Another caller is using the stream.</exception>
    /// <exception cref="ObjectDisposedException">The stream has been disposed.</exception>
    public void Reset()
    {
        Enter();
        _call.ResetStates();
        End();
    }

    /// <summary>Closes the stream, immediately or when the call in progress has ended. Its last result stays valid.</summary>
    public void Dispose()
    {
        while (Volatile.Read(ref _use) is (Idle or Busy) and var use)
            if (Interlocked.CompareExchange(ref _use, use == Idle ? Closed : BusyAndClosing, use) == use && use == Idle)
                _call.Free();
    }

    /// <summary>Ends a call, whether it succeeded or failed.</summary>
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
                $"Two callers use one stream of {_host.Contract.Name} at once. "
                    + "Each call continues with the state of the previous call: wait for it, or open a stream for each caller."
            );
    }
}
