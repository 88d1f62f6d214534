using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>
/// Represents the buffer of one input or output of a pooled call. Its memory is managed and pinned, so that a span that a caller still uses keeps it alive
/// after the call is freed.
/// </summary>
internal abstract class TensorBuffer(TensorContract contract)
{
    private long[] _given = [];
    private int _givenRank;

    public TensorContract Contract { get; } = contract;

    /// <summary>Gets the current shape. The array is never modified, because results return it.</summary>
    public long[] Shape { get; private set; } = [];

    /// <summary>Gets the number of elements in use.</summary>
    public int Length { get; protected set; }

    /// <summary>Gets the shape that the caller passed for an input of undeclared rank.</summary>
    public ReadOnlySpan<long> GivenShape => _given.AsSpan(0, _givenRank);

    /// <summary>Gets an object that identifies the memory. It is another object after the buffer has been reallocated.</summary>
    public abstract object Memory { get; }

    /// <summary>Gets whether ONNX Runtime reads and writes the memory in place.</summary>
    public abstract bool IsBlittable { get; }

    /// <summary>Gets the bytes of the elements in use.</summary>
    /// <exception cref="NotSupportedException">The elements have no fixed size.</exception>
    public virtual ReadOnlySpan<byte> Bytes => throw new NotSupportedException();

    /// <summary>Gets the bytes of the elements in use for writing.</summary>
    /// <exception cref="NotSupportedException">The elements have no fixed size.</exception>
    public virtual Span<byte> WritableBytes => throw new NotSupportedException();

    /// <summary>Gets the number of bytes of memory that the buffer keeps for later calls. Strings are not counted.</summary>
    public virtual long Kept => 0;

    /// <summary>Sets the number of elements and enlarges the memory if needed. The previous elements may be lost.</summary>
    public abstract void SetLength(int length);

    /// <summary>Sets the elements in use to zero, or to the empty string.</summary>
    public abstract void Clear();

    /// <summary>Exchanges memory, shape and length with a buffer of the same element type.</summary>
    public void Exchange(TensorBuffer other)
    {
        (Shape, other.Shape) = (other.Shape, Shape);
        (Length, other.Length) = (other.Length, Length);
        ExchangeMemory(other);
    }

    /// <summary>Sets the given shape of an input of undeclared rank.</summary>
    public void SetGivenShape(ReadOnlySpan<long> shape)
    {
        if (_given.Length < shape.Length)
            _given = new long[shape.Length];
        shape.CopyTo(_given);
        _givenRank = shape.Length;
    }

    /// <summary>Sets the shape and the length, which must fit the memory.</summary>
    public void SetShape(long[] shape, int length)
    {
        Shape = shape;
        Length = length;
    }

    /// <summary>Sets the shape to that of an output with another number of rows.</summary>
    public void SetRowShape(int rows, long[] shape)
    {
        if (Shape.Length != shape.Length || Shape[0] != rows || !Shape.AsSpan(1).SequenceEqual(shape.AsSpan(1)))
            Shape = [rows, .. shape.AsSpan(1)];
    }

    /// <summary>Copies elements to a buffer of the same type, which is large enough.</summary>
    public abstract void CopyTo(int start, TensorBuffer destination, int at, int count);

    /// <summary>Creates a native value for the elements from <paramref name="start"/> on.</summary>
    public abstract OrtValue CreateValue(long[] shape, int start = 0);

    /// <summary>Copies the elements to a native value that does not use the memory of the buffer.</summary>
    public virtual void Flush(OrtValue value) { }

    /// <summary>Copies the shape and the elements of a value that ONNX Runtime allocated; null is an empty optional.</summary>
    public virtual void CopyFrom(OrtValue? value)
    {
        Shape = value!.GetTensorTypeAndShape().Shape;
        CopyElements(value);
    }

    /// <summary>Determines whether a value uses the memory of this buffer from an element on.</summary>
    public abstract bool IsOver(OrtValue value, int start = 0);

    protected abstract void CopyElements(OrtValue value);

    protected abstract void ExchangeMemory(TensorBuffer other);
}
