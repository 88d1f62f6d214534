using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Describes the type of a tensor inside another value. .NET tensors have at least one dimension, so a scalar is a tensor with one element.</summary>
internal sealed class TensorType<T>(string element) : OnnxType<Tensor<T>>
{
    private readonly TensorContract _contract = TensorContract.OfUnknownRank("", element);

    internal override Tensor<T> Read(OrtValue? value)
    {
        var shape = value!.GetTensorTypeAndShape().Shape;
        return System.Numerics.Tensors.Tensor.Create(Elements.Read<T>(value), shape.Length == 0 ? [1] : [.. shape.Select(size => (nint)size)]);
    }

    internal override PreparedValue Prepare(Tensor<T> value, bool isScalar)
    {
        if (value is null)
            throw new ArgumentException("a tensor is null");
        if (value.Rank == 0)
            throw new ArgumentException("a tensor has no dimensions");
        var buffer = (TensorBuffer<T>)ElementTypes.CreateBuffer(_contract);
        buffer.SetLength(checked((int)value.FlattenedLength));
        value.FlattenTo(buffer.Span);
        long[] shape = isScalar && value.FlattenedLength == 1 ? [] : [.. value.Lengths];
        return new PreparedValue(() => Create(buffer, shape), [shape]);
    }

    private static OrtValue Create(TensorBuffer<T> buffer, long[] shape)
    {
        var value = buffer.CreateValue(shape);
        buffer.Flush(value);
        return value;
    }
}
