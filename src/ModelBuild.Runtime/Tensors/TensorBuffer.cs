using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Tensors;

/// <summary>
/// The memory of one input or output of a pooled call, and the native value that stands on it. The memory is managed and
/// pinned: a span that a caller still holds keeps it alive, whatever became of the call.
/// </summary>
internal abstract class TensorBuffer(TensorContract contract) : IDisposable
{
    public TensorContract Contract { get; } = contract;

    /// <summary>The current shape. Never written in place, because results hand it out.</summary>
    public long[] Shape { get; private set; } = [];

    /// <summary>How many elements are in use.</summary>
    public int Length { get; protected set; }

    /// <summary>The value over the memory, once the shape is known.</summary>
    public OrtValue? Value { get; private set; }

    /// <summary>Whether the value does not stand on the current memory with the current shape.</summary>
    public bool IsStale { get; protected set; } = true;

    /// <summary>Makes room for a number of elements; what was there may be lost.</summary>
    public abstract void SetLength(int length);

    /// <summary>Brings what was written to where ONNX Runtime reads it.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Takes shape and elements from a value that ONNX Runtime made.</summary>
    public void CopyFrom(OrtValue value)
    {
        SetShape(value.GetTensorTypeAndShape().Shape);
        CopyElements(value);
    }

    /// <summary>Sets the shape of what the buffer holds, without making a value for it.</summary>
    public void SetShape(ReadOnlySpan<long> shape)
    {
        if (shape.SequenceEqual(Shape))
            return;
        Shape = shape.ToArray();
        IsStale = true;
    }

    /// <summary>Makes the value fit shape and memory; true when it is a new one that must be bound.</summary>
    public bool Shaped(ReadOnlySpan<long> shape)
    {
        SetShape(shape);
        if (!IsStale)
            return false;
        Value?.Dispose();
        Value = null;
        Value = CreateValue(Shape);
        IsStale = false;
        return true;
    }

    /// <summary>Whether a value stands on this buffer's memory.</summary>
    public abstract bool IsOver(OrtValue value);

    public void Dispose() => Value?.Dispose();

    protected abstract OrtValue CreateValue(long[] shape);

    protected abstract void CopyElements(OrtValue value);
}
