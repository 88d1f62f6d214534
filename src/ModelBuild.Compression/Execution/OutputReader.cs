using System.Globalization;
using System.Numerics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ModelBuild.Compression.Execution;

/// <summary>Reads any value of ONNX Runtime as numbers and texts. Sequences, maps and optionals are flattened to the tensors inside.</summary>
internal static class OutputReader
{
    /// <summary>
    /// Reads the tensors inside <paramref name="value"/>: one for a tensor, one for each element of a sequence, and the keys and values of a map.
    /// </summary>
    public static OutputValues Read(OrtValue value)
    {
        if (value.OnnxType == OnnxValueType.ONNX_TYPE_TENSOR)
            return ReadTensor(value);

        var parts = Parts(value).ToArray();
        double[] numbers = [.. parts.SelectMany(part => part.Numbers)];
        string[] texts = [.. parts.SelectMany(part => part.Texts)];
        return new OutputValues(parts.Any(part => part.IsFloat), [numbers.Length + texts.Length], numbers, texts);
    }

    private static IEnumerable<OutputValues> Parts(OrtValue value)
    {
        switch (value.OnnxType)
        {
            case OnnxValueType.ONNX_TYPE_TENSOR:
                yield return ReadTensor(value);
                break;
            // GetValueCount returns the number of elements of a sequence, and 2 for a map: its keys and its values.
            case OnnxValueType.ONNX_TYPE_SEQUENCE or OnnxValueType.ONNX_TYPE_MAP:
                var count = value.GetValueCount();
                for (var i = 0; i < count; i++)
                {
                    using var inner = value.GetValue(i, OrtAllocator.DefaultInstance);
                    foreach (var part in Parts(inner))
                        yield return value.OnnxType == OnnxValueType.ONNX_TYPE_MAP && i == 0 ? Keys(part) : part;
                }

                break;
            // An empty optional value has no tensors inside.
            case OnnxValueType.ONNX_TYPE_OPTIONAL or OnnxValueType.ONNX_TYPE_UNKNOWN:
                break;
            default:
                throw new NotSupportedException($"outputs of kind {value.OnnxType} cannot be compared");
        }
    }

    // Converts the keys of a map to texts, which are compared for equality. As numbers, large keys would dominate the SQNR and hide the error of the values.
    private static OutputValues Keys(OutputValues keys) =>
        new(false, keys.Shape, [], [.. keys.Numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)), .. keys.Texts]);

    private static OutputValues ReadTensor(OrtValue value)
    {
        var type = value.GetTensorTypeAndShape();
        if (type.ElementDataType == TensorElementType.String)
            return new OutputValues(false, type.Shape, [], value.GetStringTensorAsArray());
        var numbers = type.ElementDataType switch
        {
            TensorElementType.Float => Convert<float>(value),
            TensorElementType.Double => Convert<double>(value),
            TensorElementType.Float16 => Convert<Float16>(value, number => (float)number),
            TensorElementType.BFloat16 => Convert<BFloat16>(value, number => (float)number),
            TensorElementType.Int8 => Convert<sbyte>(value),
            TensorElementType.UInt8 => Convert<byte>(value),
            TensorElementType.Int16 => Convert<short>(value),
            TensorElementType.UInt16 => Convert<ushort>(value),
            TensorElementType.Int32 => Convert<int>(value),
            TensorElementType.UInt32 => Convert<uint>(value),
            TensorElementType.Int64 => Convert<long>(value),
            TensorElementType.UInt64 => Convert<ulong>(value),
            TensorElementType.Bool => Convert<bool>(value, truth => truth ? 1 : 0),
            var other => throw new NotSupportedException($"outputs of type {other} cannot be compared"),
        };
        var isFloat = type.ElementDataType is TensorElementType.Float or TensorElementType.Double or TensorElementType.Float16 or TensorElementType.BFloat16;
        return new OutputValues(isFloat, type.Shape, numbers, []);
    }

    private static double[] Convert<T>(OrtValue value)
        where T : unmanaged, INumber<T> => Convert<T>(value, number => double.CreateChecked(number));

    private static double[] Convert<T>(OrtValue value, Func<T, double> convert)
        where T : unmanaged
    {
        var source = value.GetTensorDataAsSpan<T>();
        var result = new double[source.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = convert(source[i]);
        return result;
    }
}
