using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Converts arrays of data files to the element types of model inputs, because NumPy's defaults are float64 and int64. The values are not scaled.
/// </summary>
internal static class ElementConversion
{
    /// <summary>Returns the array in the element type of <paramref name="input"/>.</summary>
    /// <exception cref="InvalidDataException">There is no conversion between the two types.</exception>
    public static SampleArray Convert(SampleArray array, ValueSignature input)
    {
        if (input.Kind != ValueKind.Tensor || SignatureReader.TypeName(array.Type) == input.Type)
            return array;
        var data = (array.Type, input.Type) switch
        {
            (DataType.Double, "float32") => Map<double, float>(array.Data, value => (float)value),
            (DataType.Float, "float64") => Map<float, double>(array.Data, value => value),
            (DataType.Float, "float16") => Map<float, Half>(array.Data, value => (Half)value),
            (DataType.Double, "float16") => Map<double, Half>(array.Data, value => (Half)value),
            (DataType.Int64, "int32") => Map<long, int>(array.Data, value => checked((int)value)),
            (DataType.Int32, "int64") => Map<int, long>(array.Data, value => value),
            _ => throw new InvalidDataException(
                $"its array '{input.Name}' holds {SignatureReader.TypeName(array.Type)}, and the model takes {input.Type}: prepare it as the application does"
            ),
        };
        return array with { Type = Enum.GetValues<DataType>().First(type => SignatureReader.TypeName(type) == input.Type), Data = data };
    }

    /// <summary>Returns a float32 array rounded to float16.</summary>
    public static SampleArray ToFloat16(SampleArray array) => array with { Type = DataType.Float16, Data = Map<float, Half>(array.Data, value => (Half)value) };

    /// <summary>Returns a float16 array as float32.</summary>
    public static SampleArray ToFloat32(SampleArray array) => array with { Type = DataType.Float, Data = Map<Half, float>(array.Data, value => (float)value) };

    /// <summary>Returns integers of any width as int64.</summary>
    /// <exception cref="InvalidDataException">The elements are not integers.</exception>
    public static long[] ToInt64(SampleArray array) =>
        array.Type switch
        {
            DataType.Int64 => MemoryMarshal.Cast<byte, long>(array.Data).ToArray(),
            DataType.Int32 => MemoryMarshal.Cast<byte, long>(Map<int, long>(array.Data, value => value)).ToArray(),
            DataType.Int16 => MemoryMarshal.Cast<byte, long>(Map<short, long>(array.Data, value => value)).ToArray(),
            DataType.Int8 => MemoryMarshal.Cast<byte, long>(Map<sbyte, long>(array.Data, value => value)).ToArray(),
            DataType.Uint8 => MemoryMarshal.Cast<byte, long>(Map<byte, long>(array.Data, value => value)).ToArray(),
            DataType.Uint16 => MemoryMarshal.Cast<byte, long>(Map<ushort, long>(array.Data, value => value)).ToArray(),
            DataType.Uint32 => MemoryMarshal.Cast<byte, long>(Map<uint, long>(array.Data, value => value)).ToArray(),
            _ => throw new InvalidDataException($"its labels are {SignatureReader.TypeName(array.Type)}, not integers"),
        };

    private static byte[] Map<TFrom, TTo>(byte[] data, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        var source = MemoryMarshal.Cast<byte, TFrom>(data);
        var bytes = new byte[source.Length * Unsafe.SizeOf<TTo>()];
        var target = MemoryMarshal.Cast<byte, TTo>(bytes.AsSpan());
        for (var i = 0; i < source.Length; i++)
            target[i] = convert(source[i]);
        return bytes;
    }
}
