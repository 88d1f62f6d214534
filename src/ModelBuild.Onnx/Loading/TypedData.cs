using System.Buffers.Binary;
using Google.Protobuf.Collections;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx;

/// <summary>
/// Converts the typed fields of a tensor to <c>raw_data</c>, by the specification's assignment of fields to element types. In <c>int32_data</c>, 16-bit and
/// 8-bit floats are stored as their bits, and 4-bit and 2-bit types as packed bytes.
/// </summary>
internal static class TypedData
{
    /// <summary>
    /// Returns the content of the typed field for <paramref name="type"/> and clears the field. The result has exactly <paramref name="size"/> bytes.
    /// </summary>
    public static byte[] Extract(TensorProto tensor, TensorPayload? payload, DataType type, long size)
    {
        byte[] bytes;
        switch (type)
        {
            case DataType.Float or DataType.Complex64:
                bytes = Join(tensor, tensor.FloatData, payload?.Floats ?? [], sizeof(float), size, BinaryPrimitives.WriteSingleLittleEndian);
                tensor.FloatData.Clear();
                break;
            case DataType.Double or DataType.Complex128:
                bytes = Join(tensor, tensor.DoubleData, payload?.Doubles ?? [], sizeof(double), size, BinaryPrimitives.WriteDoubleLittleEndian);
                tensor.DoubleData.Clear();
                break;
            case DataType.Int64:
                bytes = Join(tensor, tensor.Int64Data, [], sizeof(long), size, BinaryPrimitives.WriteInt64LittleEndian);
                tensor.Int64Data.Clear();
                break;
            case DataType.Uint64:
                bytes = Join(tensor, tensor.Uint64Data, [], sizeof(ulong), size, BinaryPrimitives.WriteUInt64LittleEndian);
                tensor.Uint64Data.Clear();
                break;
            case DataType.Uint32:
                bytes = Join(
                    tensor,
                    tensor.Uint64Data,
                    [],
                    sizeof(uint),
                    size,
                    static (to, value) => BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)value)
                );
                tensor.Uint64Data.Clear();
                break;
            default:
                bytes = FromInt32(tensor, type, size);
                tensor.Int32Data.Clear();
                break;
        }

        return
            tensor.FloatData.Count
                + tensor.DoubleData.Count
                + tensor.Int32Data.Count
                + tensor.Int64Data.Count
                + tensor.Uint64Data.Count
                + tensor.StringData.Count
            == 0
            ? bytes
            : throw new OnnxException(OnnxFault.Malformed, $"the tensor has data in a field for another type than {type}");
    }

    private delegate void Writer<in T>(Span<byte> destination, T value);

    private static byte[] FromInt32(TensorProto tensor, DataType type, long size) =>
        DataTypes.Bits(type) switch
        {
            32 => Join(tensor, tensor.Int32Data, [], sizeof(int), size, BinaryPrimitives.WriteInt32LittleEndian),
            16 => Join(tensor, tensor.Int32Data, [], sizeof(short), size, static (to, value) => BinaryPrimitives.WriteInt16LittleEndian(to, (short)value)),
            _ when type == DataType.Bool => Join(tensor, tensor.Int32Data, [], 1, size, static (to, value) => to[0] = value != 0 ? (byte)1 : (byte)0),
            _ => Join(tensor, tensor.Int32Data, [], 1, size, static (to, value) => to[0] = (byte)value),
        };

    private static byte[] Join<T>(TensorProto tensor, RepeatedField<T> field, List<byte[]> pieces, int elementSize, long size, Writer<T> write)
    {
        var actual = ((long)field.Count * elementSize) + pieces.Sum(static piece => (long)piece.Length);
        if (actual != size)
            throw TensorNormalizer.Mismatch(tensor, size, actual);
        if (field.Count == 0 && pieces.Count == 1)
            return pieces[0];
        var bytes = GC.AllocateUninitializedArray<byte>((int)size);
        for (var i = 0; i < field.Count; i++)
            write(bytes.AsSpan(i * elementSize), field[i]);
        var next = field.Count * elementSize;
        foreach (var piece in pieces)
        {
            piece.CopyTo(bytes, next);
            next += piece.Length;
        }

        return bytes;
    }
}
