namespace ModelBuild.Runtime.Engines;

/// <summary>Caches the bindings of one call for the most recently used shapes.</summary>
internal sealed class BindingCache<TBinding> : IDisposable
    where TBinding : Binding
{
    private const int MaxBindings = 16;

    // The cached bindings, the most recently used one first.
    private readonly List<TBinding> _bindings = [];

    public TBinding? Find(ReadOnlySpan<long> key)
    {
        for (var i = 0; i < _bindings.Count; i++)
        {
            var binding = _bindings[i];
            if (!binding.Key.SequenceEqual(key) || !binding.IsCurrent)
                continue;
            if (i > 0)
            {
                _bindings.RemoveAt(i);
                _bindings.Insert(0, binding);
            }

            return binding;
        }

        return null;
    }

    public TBinding Add(TBinding binding)
    {
        // A buffer that grows gets new memory. A binding to the old memory would keep that memory alive, so it is removed.
        for (var i = _bindings.Count - 1; i >= 0; i--)
            if (_bindings[i].IsStale || i >= MaxBindings - 1)
                Remove(_bindings[i]);
        _bindings.Insert(0, binding);
        return binding;
    }

    public void Remove(TBinding binding)
    {
        _bindings.Remove(binding);
        binding.Dispose();
    }

    public void Dispose()
    {
        foreach (var binding in _bindings)
            binding.Dispose();
        _bindings.Clear();
    }
}
