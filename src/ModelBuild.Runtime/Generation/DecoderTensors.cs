using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Generation;

/// <summary>Creates the small inputs of a decoder, and reads its logits.</summary>
internal static class DecoderTensors
{
    /// <summary>Creates a tensor without initial values in main memory.</summary>
    public static OrtValue Create(TensorContract contract, params long[] shape) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, ElementTypes.Type(contract.Type), shape);

    /// <summary>Creates a tensor of token ids.</summary>
    public static OrtValue Tokens(TensorContract contract, ReadOnlySpan<int> tokens)
    {
        var value = Create(contract, 1, tokens.Length);
        if (contract.Type == "int32")
            tokens.CopyTo(value.GetTensorMutableDataAsSpan<int>());
        else
            TensorPrimitives.ConvertChecked(tokens, value.GetTensorMutableDataAsSpan<long>());
        return value;
    }

    /// <summary>Creates a tensor of equally spaced numbers, which start at <paramref name="first"/> and differ by <paramref name="step"/>.</summary>
    public static OrtValue Series(TensorContract contract, int first, int step, params long[] shape)
    {
        var value = Create(contract, shape);
        if (contract.Type == "int32")
            Fill(value.GetTensorMutableDataAsSpan<int>(), first, step);
        else
            Fill(value.GetTensorMutableDataAsSpan<long>(), first, step);
        return value;
    }

    /// <summary>Creates a tensor with one boolean.</summary>
    public static OrtValue Flag(TensorContract contract, bool flag)
    {
        var value = Create(contract, One(contract));
        value.GetTensorMutableDataAsSpan<bool>()[0] = flag;
        return value;
    }

    /// <summary>Returns the shape of a tensor with one element: that of a scalar or of a vector, as the contract declares it.</summary>
    public static long[] One(TensorContract contract) => contract.Shape!.Count == 0 ? [] : [1];

    /// <summary>Copies the elements of the last row of a float32 or float16 tensor in main memory to an array.</summary>
    public static void CopyLastRow(OrtValue value, ref float[] row)
    {
        var info = value.GetTensorTypeAndShape();
        var length = (int)info.Shape[^1];
        if (row.Length != length)
            row = new float[length];
        var bytes = value.GetTensorMutableRawData();
        if (info.ElementDataType == TensorElementType.Float)
            MemoryMarshal.Cast<byte, float>(bytes)[^length..].CopyTo(row);
        else
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes)[^length..], row);
    }

    /// <summary>Returns the number of bytes of an element of a tensor.</summary>
    public static int Bytes(TensorContract contract) =>
        contract.Type switch
        {
            "float64" => 8,
            "float32" => 4,
            _ => 2,
        };

    private static void Fill<T>(Span<T> values, T first, T step)
        where T : INumber<T>
    {
        foreach (ref var value in values)
        {
            value = first;
            first += step;
        }
    }
}
