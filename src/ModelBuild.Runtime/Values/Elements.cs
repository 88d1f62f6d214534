using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Copies the elements of native tensors that are not a call's own inputs and outputs.</summary>
internal static class Elements
{
    /// <summary>All elements, row by row. The type was compared when the model was loaded.</summary>
    public static T[] Read<T>(OrtValue tensor)
    {
        if (typeof(T) == typeof(string))
            return (T[])(object)tensor.GetStringTensorAsArray();
        // As bytes, because ONNX Runtime knows the half-width floats by types of its own.
        var bytes = tensor.GetTensorMutableRawData();
        var elements = new T[bytes.Length / Unsafe.SizeOf<T>()];
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(elements)), bytes.Length));
        return elements;
    }
}
