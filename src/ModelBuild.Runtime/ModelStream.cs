using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime;

/// <summary>
/// Represents a series of calls in which each call continues with the states of the previous one. Generated code uses it. A stream serves one caller at a
/// time; a second caller gets an exception. The stream owns its call, which therefore keeps the states.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "The type represents a stream of calls.")]
public sealed class ModelStream : IDisposable
{
    private readonly ModelCall _call;
    private readonly SingleCaller _caller;

    internal ModelStream(ModelHost host, ReadOnlySpan<int> sizes)
    {
        _call = new ModelCall(host, this, host.StreamShapes!, host.Contract.Stream!);
        _caller = new SingleCaller(host.Contract.Name, _call.Free);
        for (var i = 0; i < sizes.Length; i++)
            _call.SetDimension(i, sizes[i]);
    }

    /// <summary>Starts a call, which the caller fills and runs. This invalidates the result of the previous call.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">Another caller is using the stream.</exception>
    /// <exception cref="ObjectDisposedException">The stream has been disposed.</exception>
    public ModelCall Begin()
    {
        _caller.Enter(this);
        _call.MarkRented();
        return _call;
    }

    /// <summary>Resets the states to zeros. The next call determines their sizes again.</summary>
    /// <exception cref="InvalidOperationException">Another caller is using the stream.</exception>
    /// <exception cref="ObjectDisposedException">The stream has been disposed.</exception>
    public void Reset()
    {
        _caller.Enter(this);
        _call.ResetStates();
        _caller.Exit();
    }

    /// <summary>Closes the stream, immediately or when the call in progress has ended. Its last result stays valid.</summary>
    public void Dispose() => _caller.Close();

    /// <summary>Ends a call, whether it succeeded or failed.</summary>
    internal void End() => _caller.Exit();
}
