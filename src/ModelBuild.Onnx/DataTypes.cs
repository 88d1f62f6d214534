using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx;

/// <summary>Provides the sizes of the ONNX element types.</summary>
internal static class DataTypes
{
    /// <summary>Returns the number of bits of one element in <c>raw_data</c>; 0 for strings and unknown types.</summary>
    public static int Bits(DataType type) =>
        type switch
        {
            DataType.Uint2 or DataType.Int2 => 2,
            DataType.Uint4 or DataType.Int4 or DataType.Float4E2M1 => 4,
            DataType.Uint8
            or DataType.Int8
            or DataType.Bool
            or DataType.Float8E4M3Fn
            or DataType.Float8E4M3Fnuz
            or DataType.Float8E5M2
            or DataType.Float8E5M2Fnuz
            or DataType.Float8E8M0 => 8,
            DataType.Uint16 or DataType.Int16 or DataType.Float16 or DataType.Bfloat16 => 16,
            DataType.Float or DataType.Int32 or DataType.Uint32 => 32,
            DataType.Double or DataType.Int64 or DataType.Uint64 or DataType.Complex64 => 64,
            DataType.Complex128 => 128,
            _ => 0,
        };

    /// <summary>Returns the element type of a C# type; Undefined when there is none.</summary>
    public static DataType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? DataType.Float
        : typeof(T) == typeof(double) ? DataType.Double
        : typeof(T) == typeof(Half) ? DataType.Float16
        : typeof(T) == typeof(sbyte) ? DataType.Int8
        : typeof(T) == typeof(byte) ? DataType.Uint8
        : typeof(T) == typeof(short) ? DataType.Int16
        : typeof(T) == typeof(ushort) ? DataType.Uint16
        : typeof(T) == typeof(int) ? DataType.Int32
        : typeof(T) == typeof(uint) ? DataType.Uint32
        : typeof(T) == typeof(long) ? DataType.Int64
        : typeof(T) == typeof(ulong) ? DataType.Uint64
        : typeof(T) == typeof(bool) ? DataType.Bool
        : DataType.Undefined;

    /// <summary>
    /// Determines whether a span of T can represent the elements of a tensor: T is the same type, or an integer type for the bits of elements of the same
    /// size, or byte for any type.
    /// </summary>
    public static bool Fits<T>(DataType type)
        where T : unmanaged =>
        Bits(type) != 0
        && (
            Of<T>() == type || typeof(T) == typeof(byte) || (typeof(T) == typeof(sbyte) && Bits(type) == 8) || (typeof(T) == typeof(ushort) && Bits(type) == 16)
        );

    /// <summary>Returns the number of bytes of <paramref name="count"/> elements. For types under 8 bits the last byte is padded.</summary>
    /// <remarks>The result is <see cref="long.MaxValue"/> when the number overflows.</remarks>
    public static long Bytes(DataType type, long count) => (long)Int128.Min((((Int128)count * Bits(type)) + 7) / 8, long.MaxValue);
}
