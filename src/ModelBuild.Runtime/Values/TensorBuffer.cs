using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>
/// The memory of one input or output of a pooled call. It is managed and pinned: a span that a caller still holds keeps it alive, whatever became of the call.
/// </summary>
internal abstract class TensorBuffer(TensorContract contract)
{
    private long[] _given = [];
    private int _givenRank;

    public TensorContract Contract { get; } = contract;

    /// <summary>The current shape. Never written in place, because results hand it out.</summary>
    public long[] Shape { get; private set; } = [];

    /// <summary>How many elements are in use.</summary>
    public int Length { get; protected set; }

    /// <summary>The shape that the caller gave, when the model leaves the rank open.</summary>
    public ReadOnlySpan<long> GivenShape => _given.AsSpan(0, _givenRank);

    /// <summary>What the memory is known by: another object when it has moved.</summary>
    public abstract object Memory { get; }

    /// <summary>Whether ONNX Runtime can write into the memory itself.</summary>
    public abstract bool IsBlittable { get; }

    /// <summary>Makes room for a number of elements; what was there may be lost.</summary>
    public abstract void SetLength(int length);

    /// <summary>Sets the elements in use to zero, or to empty text.</summary>
    public abstract void Clear();

    /// <summary>Exchanges memory, shape and length with a buffer of the same element type.</summary>
    public void Exchange(TensorBuffer other)
    {
        (Shape, other.Shape) = (other.Shape, Shape);
        (Length, other.Length) = (other.Length, Length);
        ExchangeMemory(other);
    }

    /// <summary>Takes the shape of an input whose rank the model leaves open.</summary>
    public void GiveShape(ReadOnlySpan<long> shape)
    {
        if (_given.Length < shape.Length)
            _given = new long[shape.Length];
        shape.CopyTo(_given);
        _givenRank = shape.Length;
    }

    /// <summary>Gives the buffer a shape and length that it had before, or that fit its memory.</summary>
    public void Show(long[] shape, int length)
    {
        Shape = shape;
        Length = length;
    }

    /// <summary>Shows what the buffer holds as rows of a shape that another number of rows has.</summary>
    public void ShowRows(int rows, long[] shape)
    {
        if (Shape.Length != shape.Length || Shape[0] != rows || !Shape.AsSpan(1).SequenceEqual(shape.AsSpan(1)))
            Shape = [rows, .. shape.AsSpan(1)];
    }

    /// <summary>Copies elements to a buffer of the same type, which has the room.</summary>
    public abstract void CopyTo(int start, TensorBuffer destination, int at, int count);

    /// <summary>Makes a native value of a shape for the elements from <paramref name="start"/> on.</summary>
    public abstract OrtValue CreateValue(long[] shape, int start = 0);

    /// <summary>Brings what was written to where ONNX Runtime reads it.</summary>
    public virtual void Flush(OrtValue value) { }

    /// <summary>Takes shape and elements from a value that ONNX Runtime made; null is an optional that holds nothing.</summary>
    public virtual void CopyFrom(OrtValue? value)
    {
        Shape = value!.GetTensorTypeAndShape().Shape;
        CopyElements(value);
    }

    /// <summary>Whether a value stands on this buffer's memory, from an element on.</summary>
    public abstract bool IsOver(OrtValue value, int start = 0);

    protected abstract void CopyElements(OrtValue value);

    protected abstract void ExchangeMemory(TensorBuffer other);
}
