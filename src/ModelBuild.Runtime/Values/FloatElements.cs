using System.Numerics;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Reads elements of a buffer as 32-bit floats.</summary>
internal static class FloatElements
{
    /// <summary>Returns a range of the elements of a buffer as floats. They are those of the buffer itself if it has the type float32.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="start">The first element.</param>
    /// <param name="length">The number of elements.</param>
    /// <exception cref="InvalidOperationException">The elements are not numbers.</exception>
    public static ReadOnlyMemory<float> Of(TensorBuffer buffer, int start, int length) =>
        buffer switch
        {
            BlittableBuffer<float> floats => floats.Elements.Slice(start, length),
            TensorBuffer<Half> halves => Convert(halves, start, length),
            TensorBuffer<double> doubles => Convert(doubles, start, length),
            TensorBuffer<BFloat16> floats => Convert(floats, start, length, value => value.ToFloat()),
            TensorBuffer<sbyte> integers => Convert(integers, start, length),
            TensorBuffer<byte> integers => Convert(integers, start, length),
            TensorBuffer<short> integers => Convert(integers, start, length),
            TensorBuffer<ushort> integers => Convert(integers, start, length),
            TensorBuffer<int> integers => Convert(integers, start, length),
            TensorBuffer<uint> integers => Convert(integers, start, length),
            TensorBuffer<long> integers => Convert(integers, start, length),
            TensorBuffer<ulong> integers => Convert(integers, start, length),
            TensorBuffer<bool> values => Convert(values, start, length, value => value ? 1 : 0),
            _ => throw new InvalidOperationException($"The output '{buffer.Contract.Name}' has elements of {buffer.Contract.Type}, which are not numbers."),
        };

    /// <summary>Returns all elements of a buffer as floats.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <exception cref="InvalidOperationException">The elements are not numbers.</exception>
    public static ReadOnlyMemory<float> Of(TensorBuffer buffer) => Of(buffer, 0, buffer.Length);

    private static float[] Convert<T>(TensorBuffer<T> buffer, int start, int length)
        where T : unmanaged, INumberBase<T> => Convert(buffer, start, length, float.CreateTruncating);

    private static float[] Convert<T>(TensorBuffer<T> buffer, int start, int length, Func<T, float> convert)
    {
        var floats = new float[length];
        var elements = buffer.Span.Slice(start, length);
        for (var i = 0; i < floats.Length; i++)
            floats[i] = convert(elements[i]);
        return floats;
    }
}
