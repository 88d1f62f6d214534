using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Engines;

/// <summary>Represents an input or output in one binding, with its shape and, when ONNX Runtime uses the memory of the buffer, the native value.</summary>
internal sealed class BoundTensor(TensorBuffer buffer) : IDisposable
{
    private object? _memory;
    private int _length;

    public TensorBuffer Buffer => buffer;

    public string Name => buffer.Contract.Name;

    /// <summary>Gets the shape of the tensor; null until it is known.</summary>
    public long[]? Shape { get; private set; }

    /// <summary>Gets whether the shape of the tensor is known, from a run or from the declaration.</summary>
    public bool HasShape => Shape is not null;

    /// <summary>Gets the native value on the memory of the buffer; null when ONNX Runtime allocates the tensor.</summary>
    public OrtValue? Value { get; private set; }

    /// <summary>Gets whether the buffer still has the memory that the value refers to.</summary>
    public bool IsCurrent => Value is null || ReferenceEquals(_memory, buffer.Memory);

    /// <summary>Creates the native value on the memory of the buffer from an element on. The buffer must be large enough for the shape.</summary>
    public OrtValue CreateValue(long[] shape, int start = 0)
    {
        Value?.Dispose();
        Value = null;
        Value = buffer.CreateValue(shape, start);
        (Shape, _memory, _length) = (shape, buffer.Memory, buffer.Length);
        return Value;
    }

    /// <summary>Sets the buffer to the shape that it has in this binding.</summary>
    public void ApplyShape() => buffer.SetShape(Shape!, _length);

    /// <summary>Copies a tensor that ONNX Runtime allocated to the buffer, and disposes the native value on the buffer.</summary>
    public void CopyFrom(OrtValue? value)
    {
        Value?.Dispose();
        Value = null;
        buffer.CopyFrom(value);
        Shape = buffer.Shape;
        _length = buffer.Length;
    }

    public void Dispose() => Value?.Dispose();
}
