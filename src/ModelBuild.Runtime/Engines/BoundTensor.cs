using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Engines;

/// <summary>An input or output in one binding: the shape it has there and, when it stands on the buffer's memory, the native value.</summary>
internal sealed class BoundTensor(TensorBuffer buffer) : IDisposable
{
    private object? _memory;
    private int _length;

    public TensorBuffer Buffer => buffer;

    public string Name => buffer.Contract.Name;

    /// <summary>The shape, once it is known.</summary>
    public long[]? Shape { get; private set; }

    /// <summary>Whether a run has made it, or the shape was known before.</summary>
    public bool IsSeen => Shape is not null;

    /// <summary>The value over the buffer's memory; null when ONNX Runtime makes its own.</summary>
    public OrtValue? Value { get; private set; }

    /// <summary>Whether the buffer is still where the value stands.</summary>
    public bool IsCurrent => Value is null || ReferenceEquals(_memory, buffer.Memory);

    /// <summary>Makes the value over the buffer's memory, which has the room, from an element on.</summary>
    public OrtValue Place(long[] shape, int start = 0)
    {
        Value?.Dispose();
        Value = null;
        Value = buffer.CreateValue(shape, start);
        (Shape, _memory, _length) = (shape, buffer.Memory, buffer.Length);
        return Value;
    }

    /// <summary>Gives the buffer the shape that it has in this binding.</summary>
    public void Show() => buffer.Show(Shape!, _length);

    /// <summary>Takes over what ONNX Runtime made; its value is of no use then.</summary>
    public void Take(OrtValue? made)
    {
        Value?.Dispose();
        Value = null;
        buffer.CopyFrom(made);
        Shape = buffer.Shape;
        _length = buffer.Length;
    }

    public void Dispose() => Value?.Dispose();
}
