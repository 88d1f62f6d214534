using System.Runtime.InteropServices;
using Google.Protobuf;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx;

/// <summary>Typed access to a tensor's numbers, without copying. The tensor is one of an <see cref="OnnxModel"/>, or made here.</summary>
public static class Tensors
{
    /// <summary>Bits of one element in <c>raw_data</c>: 2 to 128; 0 for strings and unknown types.</summary>
    public static int BitsPerElement(DataType type) => DataTypes.Bits(type);

    /// <summary>Bytes of <paramref name="count"/> elements in <c>raw_data</c>, the last byte filled up for types under 8 bits; 0 for strings and unknown types.</summary>
    public static long Bytes(DataType type, long count) => DataTypes.Bytes(type, count);

    /// <summary>The number of elements that the shape gives; 1 for a scalar.</summary>
    /// <exception cref="OnnxException">A dimension is negative, or the product does not fit 64 bits.</exception>
    public static long ElementCount(this TensorProto t)
    {
        Int128 count = 1;
        var isEmpty = false;
        foreach (var dim in t.Dims)
        {
            if (dim < 0)
                throw new OnnxException(OnnxFault.SizeMismatch, FormattableString.Invariant($"the shape {Text.Shape(t)} has a negative dimension"));
            isEmpty |= dim == 0;
            // One step beyond 64 bits is far enough to know.
            if (count <= long.MaxValue && dim != 0)
                count *= dim;
        }

        return isEmpty ? 0
            : count <= long.MaxValue ? (long)count
            : throw new OnnxException(OnnxFault.TooLarge, $"the shape {Text.Shape(t)} has more elements than 64 bits can count");
    }

    /// <summary>
    /// The elements, in the tensor's own memory. <typeparamref name="T"/> is the type of the elements; also <see cref="byte"/> for the
    /// bytes of any type, and <see cref="ushort"/> for the bits of float16 and bfloat16.
    /// The memory may be a mapped file: keep the tensor reachable while the span is in use.
    /// </summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> does not fit the element type.</exception>
    public static ReadOnlySpan<T> Span<T>(this TensorProto t)
        where T : unmanaged
    {
        var type = (DataType)t.DataType;
        return DataTypes.Fits<T>(type)
            ? MemoryMarshal.Cast<byte, T>(t.RawData.Span)
            : throw new InvalidOperationException($"The tensor '{Text.Short(t.Name)}' holds {type}, which is not read as {typeof(T).Name}.");
    }

    /// <summary>A tensor over an array, which is not copied and must not change afterwards.</summary>
    /// <exception cref="ArgumentException">No element type for <typeparamref name="T"/>, or the shape does not have as many elements as the array.</exception>
    public static TensorProto Create<T>(string name, ReadOnlySpan<long> dims, T[] data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        var type = DataTypes.Of<T>();
        if (type == DataType.Undefined)
            throw new ArgumentException($"No ONNX element type for {typeof(T).Name}; give the type and the bytes.", nameof(data));
        return Create(name, type, dims, data is byte[] bytes ? bytes : new ArrayBytes<T>(data).Memory);
    }

    /// <summary>A tensor over bytes, which are not copied and must not change afterwards.</summary>
    /// <exception cref="ArgumentException">The shape and type ask for another number of bytes.</exception>
    public static TensorProto Create(string name, DataType type, ReadOnlySpan<long> dims, ReadOnlyMemory<byte> raw)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        foreach (var dim in dims)
            tensor.Dims.Add(dim);
        var size =
            DataTypes.Bits(type) == 0 ? throw new ArgumentException($"{type} has no raw bytes.", nameof(type)) : DataTypes.Bytes(type, tensor.ElementCount());
        if (size != raw.Length)
            throw new ArgumentException(FormattableString.Invariant($"'{name}': the shape asks for {size} bytes, there are {raw.Length}."), nameof(raw));
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(raw);
        return tensor;
    }

    /// <summary>The elements of a float32, float16, bfloat16 or float64 tensor as float32, rounded to nearest.</summary>
    /// <exception cref="InvalidOperationException">Another element type.</exception>
    public static float[] ToFloats(this TensorProto t)
    {
        var type = (DataType)t.DataType;
        float[] result;
        switch (type)
        {
            case DataType.Float:
                result = t.Span<float>().ToArray();
                break;
            case DataType.Float16:
                var halves = t.Span<Half>();
                result = new float[halves.Length];
                for (var i = 0; i < result.Length; i++)
                    result[i] = (float)halves[i];
                break;
            case DataType.Bfloat16:
                var upper = t.Span<ushort>();
                result = new float[upper.Length];
                for (var i = 0; i < result.Length; i++)
                    result[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                break;
            case DataType.Double:
                var doubles = t.Span<double>();
                result = new float[doubles.Length];
                for (var i = 0; i < result.Length; i++)
                    result[i] = (float)doubles[i];
                break;
            default:
                throw new InvalidOperationException($"The tensor '{Text.Short(t.Name)}' holds {type}, which is not a float of 16 bits or more.");
        }

        GC.KeepAlive(t);
        return result;
    }

    /// <summary>
    /// Says that the bytes will not be read for a while. Those of a mapped file leave memory until they are; for others, and where the system has no way to say it, nothing happens.
    /// </summary>
    public static void Release(this TensorProto t)
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, MappedMemory>(t.RawData.Memory, out var mapped))
            mapped.Release();
    }

    /// <summary>
    /// Moves the bytes to a temporary file that is mapped, where they are in memory: from then on <see cref="Release"/> lets go of them. Where the system has no such files, or
    /// no room for one, nothing happens.
    /// </summary>
    /// <returns>Whether they were moved.</returns>
    public static bool MoveToFile(this TensorProto t)
    {
        if (OperatingSystem.IsWindows() || t.RawData.IsEmpty || MemoryMarshal.TryGetMemoryManager<byte, MappedMemory>(t.RawData.Memory, out _))
            return false;
        try
        {
            t.RawData = UnsafeByteOperations.UnsafeWrap(MappedFile.Temporary(t.RawData.Span).Slice(0, t.RawData.Length));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // They stay in memory.
            return false;
        }
    }

    /// <summary>The same tensor under another name; the bytes are shared.</summary>
    public static TensorProto WithName(this TensorProto t, string name)
    {
        var copy = t.Clone();
        copy.Name = name;
        return copy;
    }
}
