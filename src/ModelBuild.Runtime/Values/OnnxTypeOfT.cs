using System.ComponentModel;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>A type of values that are more than one tensor, by its type in .NET.</summary>
/// <typeparam name="T">The type in .NET.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OnnxType<T> : OnnxType
{
    private protected OnnxType() { }

    /// <summary>Copies a value of ONNX Runtime.</summary>
    internal abstract T Read(OrtValue? value);

    /// <summary>Copies a caller's value; null for one that is left out.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isScalar">Whether the model declares that the tensors inside have no dimensions.</param>
    /// <exception cref="ArgumentException">It is nothing that ONNX Runtime takes.</exception>
    internal abstract PreparedValue? Prepare(T value, bool isScalar);

    internal sealed override object? ReadAny(OrtValue? value) => Read(value);
}
