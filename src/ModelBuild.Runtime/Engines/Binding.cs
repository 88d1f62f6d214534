using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>Binds the tensors of a call to a session for one set of shapes.</summary>
internal abstract class Binding : IDisposable
{
    private readonly long[] _key;
    private readonly int _parity;

    protected Binding(SessionEngine engine, CallTensors tensors, ReadOnlySpan<long> key)
    {
        (Engine, Tensors) = (engine, tensors);
        _key = key.ToArray();
        _parity = tensors.Parity;
        Native = engine.Session.CreateIoBinding();
        Inputs = [.. tensors.Inputs.Select(input => new BoundTensor(input))];
        Outputs = [.. tensors.Outputs.Select(output => output is null ? null : new BoundTensor(output))];
    }

    /// <summary>Gets the key of the input shapes for which the binding was created.</summary>
    public ReadOnlySpan<long> Key => _key;

    /// <summary>Gets whether all buffers still have the memory to which the binding refers.</summary>
    public bool IsCurrent
    {
        get
        {
            foreach (var input in Inputs)
                if (!input.IsCurrent)
                    return false;
            foreach (var output in Outputs)
                if (output is { IsCurrent: false })
                    return false;
            return true;
        }
    }

    /// <summary>
    /// Gets whether a buffer has other memory than the bound memory, so that the binding can be removed. With the other parity of a stream the buffers are
    /// exchanged, and the property is false.
    /// </summary>
    public bool IsStale => _parity == Tensors.Parity && !IsCurrent;

    protected SessionEngine Engine { get; }

    protected CallTensors Tensors { get; }

    protected OrtIoBinding Native { get; }

    protected BoundTensor[] Inputs { get; }

    /// <summary>Gets the bound outputs; an element is null when the output has no typed member and is not bound.</summary>
    protected BoundTensor?[] Outputs { get; }

    public void Dispose()
    {
        using var held = Engine.LockDevice();
        Native.Dispose();
        foreach (var input in Inputs)
            input.Dispose();
        foreach (var output in Outputs)
            output?.Dispose();
    }
}
