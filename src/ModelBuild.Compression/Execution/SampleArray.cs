using System.Runtime.InteropServices;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>One input of one call: an array in row-major order.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes of its dimensions; empty for a scalar.</param>
/// <param name="Data">The elements in little-endian order; empty for strings.</param>
/// <param name="Texts">The elements of an array of strings; null otherwise.</param>
internal sealed record SampleArray(DataType Type, long[] Shape, byte[] Data, string[]? Texts = null)
{
    /// <summary>The elements of an array of float32.</summary>
    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(Data);

    /// <summary>The number of elements of a shape.</summary>
    /// <exception cref="OverflowException">It does not fit into 64 bits.</exception>
    public static long Count(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
            count = checked(count * size);
        return count;
    }

    /// <summary>The bytes that one element takes; 0 for strings.</summary>
    public static int ElementSize(DataType type) => type == DataType.String ? 0 : Tensors.BitsPerElement(type) / 8;
}
