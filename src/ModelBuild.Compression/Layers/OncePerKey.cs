using System.Collections.Concurrent;

namespace ModelBuild.Compression.Layers;

/// <summary>Values that are made once for each key, however many threads ask for them.</summary>
internal sealed class OncePerKey<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<TValue>> _values = [];

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="make">Makes the value where there is none.</param>
    public TValue Get(TKey key, Func<TValue> make) => _values.GetOrAdd(key, _ => new Lazy<TValue>(make)).Value;
}
