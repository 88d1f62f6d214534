using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Copies the elements of native tensors that are inside sequences, maps and optionals.</summary>
internal static class Elements
{
    /// <summary>Returns all elements of a native tensor in row-major order. The element type was verified when the model was loaded.</summary>
    public static T[] Read<T>(OrtValue tensor)
    {
        if (typeof(T) == typeof(string))
            return (T[])(object)tensor.GetStringTensorAsArray();
        // The elements are read as bytes, because ONNX Runtime has its own types for float16 and bfloat16, which differ from T.
        var bytes = tensor.GetTensorMutableRawData();
        var elements = new T[bytes.Length / Unsafe.SizeOf<T>()];
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(elements)), bytes.Length));
        return elements;
    }
}
