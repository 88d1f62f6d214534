using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>A call's tensors bound to a session for one set of shapes.</summary>
internal abstract class Binding : IDisposable
{
    private readonly long[] _key;
    private readonly int _phase;

    protected Binding(SessionEngine engine, CallTensors tensors, ReadOnlySpan<long> key)
    {
        (Engine, Tensors) = (engine, tensors);
        _key = key.ToArray();
        _phase = tensors.Phase;
        Native = engine.Session.CreateIoBinding();
        Inputs = [.. tensors.Inputs.Select(input => new BoundTensor(input))];
        Outputs = [.. tensors.Outputs.Select(output => output is null ? null : new BoundTensor(output))];
    }

    /// <summary>What tells these shapes from others.</summary>
    public ReadOnlySpan<long> Key => _key;

    /// <summary>Whether all buffers are still where they were bound.</summary>
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

    /// <summary>Whether a buffer has moved for good. In the other phase of a stream that cannot be told.</summary>
    public bool IsStale => _phase == Tensors.Phase && !IsCurrent;

    protected SessionEngine Engine { get; }

    protected CallTensors Tensors { get; }

    protected OrtIoBinding Native { get; }

    protected BoundTensor[] Inputs { get; }

    /// <summary>Null where an output has no typed member: it is not asked for.</summary>
    protected BoundTensor?[] Outputs { get; }

    public void Dispose()
    {
        using var turn = Engine.TakeTurn();
        Native.Dispose();
        foreach (var input in Inputs)
            input.Dispose();
        foreach (var output in Outputs)
            output?.Dispose();
    }
}
