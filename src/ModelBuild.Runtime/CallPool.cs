using System.Collections.Concurrent;

namespace ModelBuild.Runtime;

/// <summary>
/// Stores the calls that no caller uses, without locks. The pool is bounded, so that a burst of callers does not keep its buffers in memory for ever. A single
/// caller rents and returns with one atomic exchange each.
/// </summary>
internal sealed class CallPool(int capacity)
{
    private readonly ConcurrentQueue<ModelCall> _others = new();
    private ModelCall? _first;
    private int _count;

    public ModelCall? Rent()
    {
        if (_first is not null && Interlocked.Exchange(ref _first, null) is { } first)
            return first;
        if (!_others.TryDequeue(out var other))
            return null;
        Interlocked.Decrement(ref _count);
        return other;
    }

    /// <summary>Returns a call to the pool. The result is <see langword="false"/> when the pool is full and the caller must free the call.</summary>
    public bool Return(ModelCall call)
    {
        if (_first is null && Interlocked.CompareExchange(ref _first, call, null) is null)
            return true;
        if (Interlocked.Increment(ref _count) > capacity)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _others.Enqueue(call);
        return true;
    }
}
