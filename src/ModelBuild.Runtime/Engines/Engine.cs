using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// What runs the calls of a loaded model. It closes when it is retired and the calls that run in it have ended, so that a model can be disposed, or changed for
/// another file, under its callers.
/// </summary>
internal abstract class Engine
{
    private volatile bool _isRetired;
    private int _running;
    private int _isClosed;

    /// <summary>The execution provider's short name.</summary>
    public abstract string Provider { get; }

    /// <summary>The session, or the first of several; null when there is none.</summary>
    public abstract InferenceSession? Session { get; }

    /// <summary>All sessions that one call runs on.</summary>
    public virtual IEnumerable<InferenceSession> Sessions => Session is { } session ? [session] : [];

    /// <summary>Makes what runs a call on its tensors, again and again. For one who has entered.</summary>
    public abstract EngineCall NewCall(CallTensors tensors);

    /// <summary>Keeps the engine open until <see cref="Exit"/>; false when it is retired.</summary>
    public bool TryEnter()
    {
        Interlocked.Increment(ref _running);
        if (!_isRetired)
            return true;
        Exit();
        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _running) == 0 && _isRetired)
            CloseOnce();
    }

    /// <summary>Lets nobody in any more. Closes at once, or when the calls that run now have ended.</summary>
    public void Retire()
    {
        _isRetired = true;
        // Who enters from now on sees the flag, and who entered before is counted.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _running) == 0)
            CloseOnce();
    }

    protected abstract void Close();

    private void CloseOnce()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            Close();
    }
}
