using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelBuild.Protocol;

/// <summary>Converts the elements of a tensor, which are in memory in row-major order, from and to JSON.</summary>
internal static class TensorJson
{
    /// <summary>Reads numbers or booleans into memory that has exactly as many elements as the shape. The reader is at the start of the array.</summary>
    /// <exception cref="FormatException">The array does not have the elements that the shape and the data type require.</exception>
    public static void Read(ref Utf8JsonReader reader, string dataType, ReadOnlySpan<long> shape, Span<byte> elements)
    {
        switch (dataType)
        {
            case "FP32":
                TensorArray.Read<float, TensorElements.Float32>(ref reader, shape, MemoryMarshal.Cast<byte, float>(elements));
                break;
            case "FP64":
                TensorArray.Read<double, TensorElements.Float64>(ref reader, shape, MemoryMarshal.Cast<byte, double>(elements));
                break;
            case "FP16":
                TensorArray.Read<Half, TensorElements.Float16>(ref reader, shape, MemoryMarshal.Cast<byte, Half>(elements));
                break;
            case "BF16":
                TensorArray.Read<ushort, TensorElements.BrainFloat16>(ref reader, shape, MemoryMarshal.Cast<byte, ushort>(elements));
                break;
            case "INT8":
                TensorArray.Read<sbyte, TensorElements.Int8>(ref reader, shape, MemoryMarshal.Cast<byte, sbyte>(elements));
                break;
            case "UINT8":
                TensorArray.Read<byte, TensorElements.UInt8>(ref reader, shape, elements);
                break;
            case "INT16":
                TensorArray.Read<short, TensorElements.Int16>(ref reader, shape, MemoryMarshal.Cast<byte, short>(elements));
                break;
            case "UINT16":
                TensorArray.Read<ushort, TensorElements.UInt16>(ref reader, shape, MemoryMarshal.Cast<byte, ushort>(elements));
                break;
            case "INT32":
                TensorArray.Read<int, TensorElements.Int32>(ref reader, shape, MemoryMarshal.Cast<byte, int>(elements));
                break;
            case "UINT32":
                TensorArray.Read<uint, TensorElements.UInt32>(ref reader, shape, MemoryMarshal.Cast<byte, uint>(elements));
                break;
            case "INT64":
                TensorArray.Read<long, TensorElements.Int64>(ref reader, shape, MemoryMarshal.Cast<byte, long>(elements));
                break;
            case "UINT64":
                TensorArray.Read<ulong, TensorElements.UInt64>(ref reader, shape, MemoryMarshal.Cast<byte, ulong>(elements));
                break;
            default:
                TensorArray.Read<bool, TensorElements.Bool>(ref reader, shape, MemoryMarshal.Cast<byte, bool>(elements));
                break;
        }
    }

    /// <summary>Reads strings into memory that has exactly as many elements as the shape. The reader is at the start of the array.</summary>
    /// <exception cref="FormatException">The array does not have the elements that the shape requires.</exception>
    public static void Read(ref Utf8JsonReader reader, ReadOnlySpan<long> shape, Span<string> elements) =>
        TensorArray.Read<string, TensorElements.Text>(ref reader, shape, elements);

    /// <summary>Writes numbers or booleans as the items of an array that has been started.</summary>
    /// <returns><see langword="false"/> when JSON cannot represent an element, which is infinite or not a number. The later elements are not written.</returns>
    public static bool TryWrite(Utf8JsonWriter writer, string dataType, ReadOnlySpan<byte> elements) =>
        dataType switch
        {
            "FP32" => TryWrite<float, TensorElements.Float32>(writer, elements),
            "FP64" => TryWrite<double, TensorElements.Float64>(writer, elements),
            "FP16" => TryWrite<Half, TensorElements.Float16>(writer, elements),
            "BF16" => TryWrite<ushort, TensorElements.BrainFloat16>(writer, elements),
            "INT8" => TryWrite<sbyte, TensorElements.Int8>(writer, elements),
            "UINT8" => TryWrite<byte, TensorElements.UInt8>(writer, elements),
            "INT16" => TryWrite<short, TensorElements.Int16>(writer, elements),
            "UINT16" => TryWrite<ushort, TensorElements.UInt16>(writer, elements),
            "INT32" => TryWrite<int, TensorElements.Int32>(writer, elements),
            "UINT32" => TryWrite<uint, TensorElements.UInt32>(writer, elements),
            "INT64" => TryWrite<long, TensorElements.Int64>(writer, elements),
            "UINT64" => TryWrite<ulong, TensorElements.UInt64>(writer, elements),
            _ => TryWrite<bool, TensorElements.Bool>(writer, elements),
        };

    /// <summary>Determines whether JSON can represent all elements: none is infinite or not a number.</summary>
    public static bool HasJson(string dataType, ReadOnlySpan<byte> elements) =>
        dataType switch
        {
            "FP32" => HasJson<float, TensorElements.Float32>(elements),
            "FP64" => HasJson<double, TensorElements.Float64>(elements),
            "FP16" => HasJson<Half, TensorElements.Float16>(elements),
            "BF16" => HasJson<ushort, TensorElements.BrainFloat16>(elements),
            _ => true,
        };

    private static bool HasJson<T, TElement>(ReadOnlySpan<byte> elements)
        where T : unmanaged
        where TElement : ITensorElement<T>
    {
        foreach (var element in MemoryMarshal.Cast<byte, T>(elements))
            if (!TElement.HasJson(element))
                return false;
        return true;
    }

    private static bool TryWrite<T, TElement>(Utf8JsonWriter writer, ReadOnlySpan<byte> elements)
        where T : unmanaged
        where TElement : ITensorElement<T>
    {
        foreach (var element in MemoryMarshal.Cast<byte, T>(elements))
        {
            if (!TElement.HasJson(element))
                return false;
            TElement.Write(writer, element);
        }

        return true;
    }
}
