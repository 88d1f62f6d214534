namespace ModelBuild.Runtime.Engines;

/// <summary>The bindings of one call for the shapes that it met last, bounded.</summary>
internal sealed class BindingCache<TBinding> : IDisposable
    where TBinding : Binding
{
    private const int MostBindings = 16;

    // The last used first.
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
        // A buffer that grew has moved: what stands on its old place would keep that.
        for (var i = _bindings.Count - 1; i >= 0; i--)
            if (_bindings[i].IsStale || i >= MostBindings - 1)
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
