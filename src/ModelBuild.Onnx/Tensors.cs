using System.Runtime.InteropServices;
using Google.Protobuf;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx;

/// <summary>
/// Provides typed access to the elements of a tensor without copying them. The tensor belongs to an <see cref="OnnxModel"/> or was created by this class.
/// </summary>
internal static class Tensors
{
    /// <summary>Returns the number of bits of one element in <c>raw_data</c>, 2 to 128; 0 for strings and unknown types.</summary>
    public static int BitsPerElement(DataType type) => DataTypes.Bits(type);

    /// <summary>
    /// Returns the number of bytes of <paramref name="count"/> elements in <c>raw_data</c>; 0 for strings and unknown types. For types under 8 bits the last
    /// byte is padded.
    /// </summary>
    public static long Bytes(DataType type, long count) => DataTypes.Bytes(type, count);

    /// <summary>Returns the number of elements of the shape; 1 for a scalar.</summary>
    /// <exception cref="OnnxException">A dimension is negative, or the product does not fit into 64 bits.</exception>
    public static long ElementCount(this TensorProto t)
    {
        Int128 count = 1;
        var isEmpty = false;
        foreach (var dim in t.Dims)
        {
            if (dim < 0)
                throw new OnnxException(OnnxFault.SizeMismatch, FormattableString.Invariant($"the shape {Text.Shape(t)} has a negative dimension"));
            isEmpty |= dim == 0;
            // The dimensions of the shape are no longer multiplied as soon as the product exceeds 64 bits.
            if (count <= long.MaxValue && dim != 0)
                count *= dim;
        }

        return isEmpty ? 0
            : count <= long.MaxValue ? (long)count
            : throw new OnnxException(OnnxFault.TooLarge, $"the shape {Text.Shape(t)} has more elements than 64 bits can count");
    }

    /// <summary>
    /// Returns the elements in the memory of the tensor. <typeparamref name="T"/> is the type of the elements, or <see cref="byte"/> for the bytes of any
    /// type, or <see cref="ushort"/> for the bits of float16 and bfloat16. The memory can be a mapped file: keep the tensor reachable while the span is in
    /// use.
    /// </summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> does not match the element type.</exception>
    public static ReadOnlySpan<T> Span<T>(this TensorProto t)
        where T : unmanaged
    {
        var type = (DataType)t.DataType;
        return DataTypes.Fits<T>(type)
            ? MemoryMarshal.Cast<byte, T>(t.RawData.Span)
            : throw new InvalidOperationException($"The tensor '{Text.Short(t.Name)}' holds {type}, which cannot be read as {typeof(T).Name}.");
    }

    /// <summary>Creates a tensor that uses an array, which is not copied and must not change afterwards.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has no element type, or the shape and the array have different numbers of
    /// elements.</exception>
    public static TensorProto Create<T>(string name, ReadOnlySpan<long> dims, T[] data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        var type = DataTypes.Of<T>();
        if (type == DataType.Undefined)
            throw new ArgumentException($"{typeof(T).Name} has no ONNX element type. Pass the type and the bytes.", nameof(data));
        return Create(name, type, dims, data is byte[] bytes ? bytes : new ArrayBytes<T>(data).Memory);
    }

    /// <summary>Creates a tensor that uses bytes, which are not copied and must not change afterwards.</summary>
    /// <exception cref="ArgumentException">The shape and the type need another number of bytes.</exception>
    public static TensorProto Create(string name, DataType type, ReadOnlySpan<long> dims, ReadOnlyMemory<byte> raw)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        foreach (var dim in dims)
            tensor.Dims.Add(dim);
        var size =
            DataTypes.Bits(type) == 0 ? throw new ArgumentException($"{type} has no raw bytes.", nameof(type)) : DataTypes.Bytes(type, tensor.ElementCount());
        if (size != raw.Length)
            throw new ArgumentException(FormattableString.Invariant($"'{name}': the shape needs {size} bytes, but {raw.Length} were given."), nameof(raw));
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(raw);
        return tensor;
    }

    /// <summary>Converts the elements of a float32, float16, bfloat16 or float64 tensor to float32, rounded to the nearest.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another element type.</exception>
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

    /// <summary>Computes a result from the elements of a tensor, and releases the bytes afterwards: see <see cref="Release"/>.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="t">The tensor.</param>
    /// <param name="read">Computes the result.</param>
    public static TResult Read<T, TResult>(this TensorProto t, TensorReader<T, TResult> read)
        where T : unmanaged
    {
        try
        {
            return read(t.Span<T>());
        }
        finally
        {
            t.Release();
        }
    }

    /// <summary>
    /// Releases the memory of a mapped tensor that is not read for a while; the next read loads the pages from the file again. For other tensors, and on
    /// systems without this function, the method has no effect.
    /// </summary>
    public static void Release(this TensorProto t)
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, MappedMemory>(t.RawData.Memory, out var mapped))
            mapped.Release();
    }

    /// <summary>
    /// Moves the bytes from memory to a mapped temporary file, so that <see cref="Release"/> can release them. When the system has no such files or no space
    /// for one, the bytes stay in memory.
    /// </summary>
    /// <returns>Whether the bytes were moved.</returns>
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
            // The bytes of the tensor stay in memory if no temporary file can be written.
            return false;
        }
    }

    /// <summary>Copies a tensor under another name; the bytes are shared.</summary>
    public static TensorProto WithName(this TensorProto t, string name)
    {
        var copy = t.Clone();
        copy.Name = name;
        return copy;
    }
}
