using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ModelBuild.Runtime.Values;

/// <summary>Maps the element types that C# can represent to their names in signatures, their numbers in ONNX Runtime and their buffers.</summary>
internal static class ElementTypes
{
    /// <summary>Creates an empty buffer for a value. The method names each type explicitly, so that ahead-of-time compilers generate code for it.</summary>
    public static TensorBuffer CreateBuffer(TensorContract contract) =>
        contract.Value is not null
            ? new ValueBuffer(contract)
            : contract.Type switch
            {
                "float32" => new BlittableBuffer<float>(contract, TensorElementType.Float),
                "float64" => new BlittableBuffer<double>(contract, TensorElementType.Double),
                "float16" => new BlittableBuffer<Half>(contract, TensorElementType.Float16),
                "bfloat16" => new BlittableBuffer<BFloat16>(contract, TensorElementType.BFloat16),
                "int8" => new BlittableBuffer<sbyte>(contract, TensorElementType.Int8),
                "uint8" => new BlittableBuffer<byte>(contract, TensorElementType.UInt8),
                "int16" => new BlittableBuffer<short>(contract, TensorElementType.Int16),
                "uint16" => new BlittableBuffer<ushort>(contract, TensorElementType.UInt16),
                "int32" => new BlittableBuffer<int>(contract, TensorElementType.Int32),
                "uint32" => new BlittableBuffer<uint>(contract, TensorElementType.UInt32),
                "int64" => new BlittableBuffer<long>(contract, TensorElementType.Int64),
                "uint64" => new BlittableBuffer<ulong>(contract, TensorElementType.UInt64),
                "bool" => new BlittableBuffer<bool>(contract, TensorElementType.Bool),
                "string" => new StringBuffer(contract),
                _ => throw new NotSupportedException($"Tensor '{contract.Name}' has elements of type {contract.Type}, which has no type in C#."),
            };

    /// <summary>Returns the name that signatures use for an element type of ONNX Runtime.</summary>
    public static string Name(TensorElementType type) =>
        type switch
        {
            TensorElementType.Float => "float32",
            TensorElementType.Double => "float64",
            // The names of the other types differ from those of signatures only in case, such as Int8 and int8.
            _ => type.ToString().ToLowerInvariant(),
        };

    /// <summary>Returns the element type of ONNX Runtime that a name of signatures stands for.</summary>
    public static TensorElementType Type(string name) =>
        name switch
        {
            "float32" => TensorElementType.Float,
            "float64" => TensorElementType.Double,
            _ => Enum.Parse<TensorElementType>(name, ignoreCase: true),
        };
}
