using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Tensors;

namespace ModelBuild.Runtime.Values;

/// <summary>A tensor inside another value.</summary>
internal sealed class TensorType<T>(string element) : OnnxType<Tensor<T>>
{
    private readonly TensorContract _contract = TensorContract.OfUnknownRank("", element);

    internal override Tensor<T> Read(OrtValue? value)
    {
        var buffer = NewBuffer();
        buffer.CopyFrom(value!);
        return System.Numerics.Tensors.Tensor.Create(buffer.Span.ToArray(), [.. buffer.Shape.Select(size => (nint)size)]);
    }

    internal override PreparedValue Prepare(Tensor<T> value)
    {
        if (value is null)
            throw new ArgumentException("a tensor is null");
        var buffer = NewBuffer();
        buffer.SetLength(checked((int)value.FlattenedLength));
        value.FlattenTo(buffer.Span);
        long[] shape = [.. value.Lengths];
        return new PreparedValue(() => Create(buffer, shape), [shape]);
    }

    private static OrtValue Create(TensorBuffer<T> buffer, long[] shape)
    {
        var value = buffer.CreateValue(shape);
        buffer.Flush(value);
        return value;
    }

    private TensorBuffer<T> NewBuffer() => (TensorBuffer<T>)ElementTypes.CreateBuffer(_contract);
}
