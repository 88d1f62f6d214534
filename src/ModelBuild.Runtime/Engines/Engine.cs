using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Runs the calls of a loaded model. A retired engine closes when the last of its calls ends, so that a model can be disposed or replaced while calls are in
/// progress.
/// </summary>
internal abstract class Engine
{
    private volatile bool _isRetired;
    private int _running;
    private int _isClosed;

    /// <summary>Gets the short name of the execution provider that runs the calls.</summary>
    public abstract string Provider { get; }

    /// <summary>Gets the ONNX Runtime session of the engine, or the first of several; null when the engine has none.</summary>
    public abstract InferenceSession? Session { get; }

    /// <summary>Gets all sessions that one call runs on.</summary>
    public virtual IEnumerable<InferenceSession> Sessions => Session is { } session ? [session] : [];

    /// <summary>Creates the object that runs a call on its tensors repeatedly. The caller must have entered the engine.</summary>
    public abstract EngineCall NewCall(CallTensors tensors);

    /// <summary>
    /// Enters the engine, which then stays open until <see cref="Exit"/>. The result is <see langword="false"/> when the engine is retired.
    /// </summary>
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

    /// <summary>Refuses further calls and closes the engine, immediately or when the calls in progress have ended.</summary>
    public void Retire()
    {
        _isRetired = true;
        // A caller that enters after this barrier reads that the engine is retired; a caller that entered before the barrier is counted.
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
