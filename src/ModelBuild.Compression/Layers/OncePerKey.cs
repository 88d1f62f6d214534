using System.Collections.Concurrent;

namespace ModelBuild.Compression.Layers;

/// <summary>Computes a value once for each key, also when several threads request it.</summary>
internal sealed class OncePerKey<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<TValue>> _values = [];

    /// <summary>Returns the value of a key, which is computed at the first request.</summary>
    /// <param name="key">The key.</param>
    /// <param name="make">Computes the value of a new key.</param>
    public TValue Get(TKey key, Func<TValue> make) => _values.GetOrAdd(key, _ => new Lazy<TValue>(make)).Value;
}
