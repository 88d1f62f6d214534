using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>Holds the bindings of one worker for its part of the rows of a call.</summary>
internal sealed class PartCall(SessionEngine engine, CallTensors tensors) : IDisposable
{
    private readonly BindingCache<PartBinding> _bindings = new();
    private readonly List<long> _key = [];

    /// <summary>
    /// Runs <paramref name="count"/> of the <paramref name="rows"/> rows of the call. The result is <see langword="false"/> when an output is not in the
    /// buffers of the call.
    /// </summary>
    public bool Run(int first, int count, int rows, RunOptions options)
    {
        _key.Clear();
        _key.AddRange(tensors.Key);
        _key.AddRange([first, count]);
        var key = CollectionsMarshal.AsSpan(_key);
        var binding = _bindings.Find(key) ?? _bindings.Add(new PartBinding(engine, tensors, key, first, count, rows));
        return binding.Run(options);
    }

    public void Dispose() => _bindings.Dispose();
}
