using System.Collections.Concurrent;

namespace ModelBuild.Runtime;

/// <summary>
/// The calls that nobody uses right now. Taking and giving is free of locks and, for a single caller, one exchange each.
/// Bounded: the buffers of a burst of callers do not stay for ever.
/// </summary>
internal sealed class CallPool(int capacity)
{
    private readonly ConcurrentQueue<ModelCall> _others = new();
    private ModelCall? _first;
    private int _count;

    public ModelCall? Take()
    {
        if (_first is not null && Interlocked.Exchange(ref _first, null) is { } first)
            return first;
        if (!_others.TryDequeue(out var other))
            return null;
        Interlocked.Decrement(ref _count);
        return other;
    }

    /// <summary>Keeps the call for later; false when there are enough.</summary>
    public bool Give(ModelCall call)
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
